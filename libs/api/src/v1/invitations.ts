import { z } from 'zod';
import { route } from '../route.js';
import { asksSchema } from './site-details.js';
import {
  created,
  csrSchema,
  id,
  namePrefixSchema,
  nameSchema,
  pageOf,
  pageQuerySchema,
  timeSchema,
} from './vocabulary.js';

export const invitationSchema = z.strictObject({
  id,
  networkId: id,
  name: nameSchema,
  namePrefix: namePrefixSchema,
  deadline: z.string().nullable(),
  instanceLimit: z.int().nullable(),
  claims: z.int(),
  siteClasses: z.array(nameSchema),
  claimAccessPoints: z.array(id),
  memberAccessPoints: z.array(id),
  /** Each claim waits until somebody approves of it. */
  approval: z.boolean(),
  /** Whoever joins gives the site its name: `<prefix>-<name>`. */
  interactive: z.boolean(),
  asks: asksSchema,
  /** Claims that wait for approval; `claims` are those that led to a member. */
  awaited: z.int(),
  status: z.enum(['open', 'revoked']),
  ...created,
});
export type Invitation = z.infer<typeof invitationSchema>;
export const createInvitation = route({
  name: 'createInvitation',
  method: 'POST',
  path: '/networks/{networkId}/invitations',
  summary: 'Invite sites into a network',
  body: z.strictObject({
    name: nameSchema,
    /** What the sites will be called: the prefix itself when the limit is 1, else `<prefix>-<n>`. Default: the name. */
    namePrefix: namePrefixSchema.optional(),
    deadline: timeSchema.optional(),
    instanceLimit: z.int().min(1).max(1_000_000).nullable().default(1),
    siteClasses: z.array(nameSchema).max(32).default([]),
    /** Default: every access point of the kind on the network's backbone. The preferred first. */
    claimAccessPoints: z.array(id).min(1).max(16).optional(),
    memberAccessPoints: z.array(id).min(1).max(16).optional(),
    approval: z.boolean().default(false),
    interactive: z.boolean().default(false),
    asks: asksSchema.default([]),
  }),
  reply: invitationSchema,
  codes: [
    'network.unknown',
    'network.revoked',
    'invitation.name-taken',
    'invitation.member-names-taken',
    'invitation.deadline-passed',
    'invitation.no-access-point',
    'site-class.unknown',
    'access-point.unknown',
    'access-point.wrong-kind',
  ],
});
export const listInvitations = route({
  name: 'listInvitations',
  method: 'GET',
  path: '/networks/{networkId}/invitations',
  summary: 'List the invitations of a network',
  query: pageQuerySchema,
  reply: pageOf(invitationSchema),
});
export const getInvitation = route({
  name: 'getInvitation',
  method: 'GET',
  path: '/networks/{networkId}/invitations/{invitationId}',
  summary: 'Read an invitation',
  reply: invitationSchema,
});
export const revokeInvitation = route({
  name: 'revokeInvitation',
  method: 'POST',
  path: '/networks/{networkId}/invitations/{invitationId}/revocation',
  summary: 'Revoke an invitation: no further claim; its members stay',
  reply: invitationSchema,
  codes: ['invitation.unknown'],
});
export const deleteInvitation = route({
  name: 'deleteInvitation',
  method: 'DELETE',
  path: '/networks/{networkId}/invitations/{invitationId}',
  summary: 'Delete an invitation whose members are gone',
  codes: ['invitation.unknown', 'invitation.has-members', 'invitation.has-claims'],
});

/** Everything an invitation file holds except its private key, which is made and kept where the invitation is downloaded. */
export const invitationCredentialSchema = z.strictObject({
  position: z.int(),
  installation: z.string(),
  invitation: z.strictObject({
    id,
    name: nameSchema,
    networkId: id,
    networkName: nameSchema,
    deadline: z.string().nullable(),
    /** What it asks of whoever joins; of one that asks nothing there is none of these. */
    interactive: z.boolean().optional(),
    asks: asksSchema.optional(),
  }),
  control: z.strictObject({ serverName: z.string(), trust: z.array(z.string()) }),
  links: z.array(z.unknown()),
  chain: z.array(z.string()),
});
export const createInvitationCredential = route({
  name: 'createInvitationCredential',
  method: 'POST',
  path: '/networks/{networkId}/invitations/{invitationId}/credentials',
  summary: 'Make the claim certificate of an invitation for a key that you made',
  body: z.strictObject({ csr: csrSchema }),
  reply: invitationCredentialSchema,
  codes: [
    'network.unknown',
    'network.revoked',
    'invitation.unknown',
    'invitation.revoked',
    'invitation.expired',
    'invitation.no-address-yet',
    'csr.malformed',
    'authority.awaiting-certificate',
    'certificate.pending',
  ],
});
