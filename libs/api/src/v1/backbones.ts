import { z } from 'zod';
import { route } from '../route.js';
import { authorityIssuers } from './authority-requests.js';
import { created, id, nameSchema, pageOf, pageQuerySchema } from './vocabulary.js';

export const backboneSchema = z.strictObject({
  id,
  name: nameSchema,
  /**
   * `awaiting-root`: nothing is signed before a root is established. `awaiting-certificate`: its authority is signed elsewhere, and was
   * not yet. `establishing`: its authorities are being made.
   */
  status: z.enum(['awaiting-root', 'awaiting-certificate', 'establishing', 'ready']),
  ...created,
});
export type Backbone = z.infer<typeof backboneSchema>;
const nameBody = z.strictObject({ name: nameSchema });

export const createBackbone = route({
  name: 'createBackbone',
  method: 'POST',
  path: '/backbones',
  summary: 'Create a backbone',
  body: nameBody.extend({
    /** Who signs its authority, and those of the networks on it; default: whom the installation has for that. */
    backboneIssuer: z.enum(authorityIssuers).optional(),
    networkIssuer: z.enum(authorityIssuers).optional(),
  }),
  reply: backboneSchema,
  codes: ['backbone.name-taken'],
});
export const listBackbones = route({
  name: 'listBackbones',
  method: 'GET',
  path: '/backbones',
  summary: 'List backbones',
  query: pageQuerySchema,
  reply: pageOf(backboneSchema),
});
export const getBackbone = route({
  name: 'getBackbone',
  method: 'GET',
  path: '/backbones/{backboneId}',
  summary: 'Read a backbone',
  reply: backboneSchema,
});
export const renameBackbone = route({
  name: 'renameBackbone',
  method: 'PATCH',
  path: '/backbones/{backboneId}',
  summary: 'Rename a backbone',
  body: nameBody,
  reply: backboneSchema,
  codes: ['backbone.name-taken', 'backbone.renamed-meanwhile', 'backbone.unknown'],
});
export const deleteBackbone = route({
  name: 'deleteBackbone',
  method: 'DELETE',
  path: '/backbones/{backboneId}',
  summary: 'Delete a backbone that has neither sites nor networks',
  codes: ['backbone.unknown', 'backbone.has-sites', 'backbone.has-networks'],
});
