import { z } from 'zod';
import { route } from '../route.js';
import { created, csrSchema, id, linkCertificatesSchema, nameSchema, pageOf, pageQuerySchema } from './vocabulary.js';

export const backboneSiteSchema = z.strictObject({
  id,
  backboneId: id,
  name: nameSchema,
  /** `new`: no bundle was downloaded; `bootstrapping`: one was; `enrolled`: the site has its own certificate. */
  status: z.enum(['new', 'bootstrapping', 'enrolled']),
  /** What its operator supplies to prove its access points, and the authorities (their subjects) by which others judge it; null: nothing. */
  proof: z
    .strictObject({ trust: z.array(z.string()), subject: z.string(), fingerprint: z.string(), notAfter: z.string() })
    .nullable(),
  linkCertificates: linkCertificatesSchema,
  /** When it last reported; null: never. Live, not from the log. */
  lastSeenAt: z.string().nullable(),
  ...created,
});
export type BackboneSite = z.infer<typeof backboneSiteSchema>;

export const createBackboneSite = route({
  name: 'createBackboneSite',
  method: 'POST',
  path: '/backbones/{backboneId}/sites',
  summary: 'Add a site to a backbone',
  body: z.strictObject({ name: nameSchema }),
  reply: backboneSiteSchema,
  codes: ['backbone.unknown', 'backbone-site.name-taken'],
});
export const listBackboneSites = route({
  name: 'listBackboneSites',
  method: 'GET',
  path: '/backbones/{backboneId}/sites',
  summary: 'List the sites of a backbone',
  query: pageQuerySchema,
  reply: pageOf(backboneSiteSchema),
});
export const getBackboneSite = route({
  name: 'getBackboneSite',
  method: 'GET',
  path: '/backbones/{backboneId}/sites/{siteId}',
  summary: 'Read a backbone site',
  reply: backboneSiteSchema,
});
export const renameBackboneSite = route({
  name: 'renameBackboneSite',
  method: 'PATCH',
  path: '/backbones/{backboneId}/sites/{siteId}',
  summary: 'Rename a backbone site',
  body: z.strictObject({ name: nameSchema }),
  reply: backboneSiteSchema,
  codes: ['backbone-site.unknown', 'backbone-site.name-taken'],
});
export const deleteBackboneSite = route({
  name: 'deleteBackboneSite',
  method: 'DELETE',
  path: '/backbones/{backboneId}/sites/{siteId}',
  summary: 'Remove a backbone site that has neither access points nor links',
  codes: ['backbone-site.unknown', 'backbone-site.has-access-points', 'backbone-site.has-links'],
});

/** Everything a bundle file holds except its private key, which is made and kept where the bundle is downloaded. */
export const bundleSchema = z.strictObject({
  position: z.int(),
  installation: z.string(),
  site: z.strictObject({ id, name: nameSchema, backboneId: id, backboneName: nameSchema }),
  control: z.strictObject({ serverName: z.string(), trust: z.array(z.string()) }),
  items: z.array(z.unknown()),
  chain: z.array(z.string()),
});
export const createBundle = route({
  name: 'createBundle',
  method: 'POST',
  path: '/backbones/{backboneId}/sites/{siteId}/bundles',
  summary: 'Make the one-time bundle that sets a backbone site up',
  body: z.strictObject({ csr: csrSchema }),
  reply: bundleSchema,
  codes: [
    'backbone-site.unknown',
    'backbone-site.already-enrolled',
    'recovery.too-late',
    'bundle.no-address-yet',
    'csr.malformed',
    'authority.awaiting-certificate',
    'certificate.pending',
  ],
});
