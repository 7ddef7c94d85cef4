import { z } from 'zod';
import { route } from '../route.js';
import { created, hostSchema, id, nameSchema, pageOf, pageQuerySchema, portSchema } from './vocabulary.js';

export const accessPointSchema = z.strictObject({
  id,
  backboneId: id,
  siteId: id,
  name: nameSchema,
  kind: z.enum(['claim', 'member', 'peer', 'manage']),
  bindHost: hostSchema,
  bindPort: z.int().min(0).max(65535),
  /** Where others reach it; null until the site reports it or it is set by hand. */
  host: hostSchema.nullable(),
  port: portSchema.nullable(),
  ...created,
});
export type AccessPoint = z.infer<typeof accessPointSchema>;

export const createAccessPoint = route({
  name: 'createAccessPoint',
  method: 'POST',
  path: '/backbones/{backboneId}/sites/{siteId}/access-points',
  summary: 'Add an access point to a backbone site',
  body: z.strictObject({
    name: nameSchema,
    kind: z.enum(['claim', 'member', 'peer', 'manage']),
    bindHost: hostSchema.default('0.0.0.0'),
    /** 0: any free port; the site reports which. */
    bindPort: z.int().min(0).max(65535).default(0),
    /**
     * Where others reach it. Default: what the site reports, which is its `bindHost` if that is one address, else its SITE_HOST, and
     * that only with a `bindPort` of its own. A site that nobody reaches reports nothing: a first `manage` access point needs both.
     */
    host: hostSchema.optional(),
    port: portSchema.optional(),
  }),
  reply: accessPointSchema,
  codes: ['backbone-site.unknown', 'access-point.name-taken', 'access-point.address-incomplete'],
});
export const listAccessPoints = route({
  name: 'listAccessPoints',
  method: 'GET',
  path: '/backbones/{backboneId}/access-points',
  summary: 'List the access points of a backbone',
  query: pageQuerySchema.extend({
    siteId: id.optional(),
    kind: z.enum(['claim', 'member', 'peer', 'manage']).optional(),
  }),
  reply: pageOf(accessPointSchema),
});
export const getAccessPoint = route({
  name: 'getAccessPoint',
  method: 'GET',
  path: '/backbones/{backboneId}/access-points/{accessPointId}',
  summary: 'Read an access point',
  reply: accessPointSchema,
});
export const changeAccessPoint = route({
  name: 'changeAccessPoint',
  method: 'PATCH',
  path: '/backbones/{backboneId}/access-points/{accessPointId}',
  summary: 'Say where an access point is reached',
  body: z.strictObject({ host: hostSchema, port: portSchema }),
  reply: accessPointSchema,
  codes: ['access-point.unknown'],
});
export const deleteAccessPoint = route({
  name: 'deleteAccessPoint',
  method: 'DELETE',
  path: '/backbones/{backboneId}/access-points/{accessPointId}',
  summary: 'Remove an access point that no link ends at',
  codes: ['access-point.unknown', 'access-point.has-links', 'access-point.has-invitations'],
});
