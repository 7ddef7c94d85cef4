import { z } from 'zod';
import { route } from '../route.js';
import { created, id, pageOf, pageQuerySchema } from './vocabulary.js';

const cost = z.int().min(1).max(1_000_000);
export const linkSchema = z.strictObject({
  id,
  backboneId: id,
  /** The site that dials. */
  siteId: id,
  /** The peer access point that it dials. */
  accessPointId: id,
  acceptingSiteId: id,
  cost,
  ...created,
});
export type Link = z.infer<typeof linkSchema>;

export const createLink = route({
  name: 'createLink',
  method: 'POST',
  path: '/backbones/{backboneId}/links',
  summary: 'Link two sites of a backbone; `siteId` dials the peer access point of the other',
  body: z.strictObject({ siteId: id, accessPointId: id, cost: cost.default(1) }),
  reply: linkSchema,
  codes: [
    'backbone-site.unknown',
    'access-point.unknown',
    'link.not-a-peer-access-point',
    'link.to-itself',
    'link.exists-already',
  ],
});
export const listLinks = route({
  name: 'listLinks',
  method: 'GET',
  path: '/backbones/{backboneId}/links',
  summary: 'List the links of a backbone',
  query: pageQuerySchema,
  reply: pageOf(linkSchema),
});
export const getLink = route({
  name: 'getLink',
  method: 'GET',
  path: '/backbones/{backboneId}/links/{linkId}',
  summary: 'Read a link',
  reply: linkSchema,
});
export const changeLink = route({
  name: 'changeLink',
  method: 'PATCH',
  path: '/backbones/{backboneId}/links/{linkId}',
  summary: 'Change the cost of a link',
  body: z.strictObject({ cost }),
  reply: linkSchema,
  codes: ['link.unknown'],
});
export const deleteLink = route({
  name: 'deleteLink',
  method: 'DELETE',
  path: '/backbones/{backboneId}/links/{linkId}',
  summary: 'Remove a link',
  codes: ['link.unknown'],
});
