import { z } from 'zod';
import { route } from '../route.js';
import { siteDetailsSchema } from './site-details.js';
import { created, id, linkCertificatesSchema, nameSchema, pageOf, pageQuerySchema } from './vocabulary.js';

export const memberSchema = z.strictObject({
  id,
  networkId: id,
  invitationId: id,
  name: nameSchema,
  siteClasses: z.array(nameSchema),
  /** `joining`: admitted, its certificate is not issued yet. */
  status: z.enum(['joining', 'joined']),
  linkCertificates: linkCertificatesSchema,
  /** What it said of itself when it joined. */
  details: siteDetailsSchema,
  lastSeenAt: z.string().nullable(),
  ...created,
});
export type Member = z.infer<typeof memberSchema>;
export const listMembers = route({
  name: 'listMembers',
  method: 'GET',
  path: '/networks/{networkId}/members',
  summary: 'List the member sites of a network',
  query: pageQuerySchema.extend({ invitationId: id.optional() }),
  reply: pageOf(memberSchema),
});
export const getMember = route({
  name: 'getMember',
  method: 'GET',
  path: '/networks/{networkId}/members/{memberId}',
  summary: 'Read a member site',
  reply: memberSchema,
});
export const deleteMember = route({
  name: 'deleteMember',
  method: 'DELETE',
  path: '/networks/{networkId}/members/{memberId}',
  summary: 'Remove a member site with its listeners and connectors',
  codes: ['member.unknown'],
});
