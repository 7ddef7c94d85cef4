import { z } from 'zod';
import { route } from '../route.js';
import { invitationCredentialSchema } from './invitations.js';
import { created, csrSchema, id, pageOf, pageQuerySchema } from './vocabulary.js';

/**
 * A join token lets whoever has it use an invitation without having been handed its file: what a link or a QR code carries. Its
 * secret is made where it is handed out, 128 random bits or more in URL-safe characters; the installation knows its SHA-256 only.
 */
export const joinTokenSecretSchema = z.string().regex(/^[A-Za-z0-9_-]{22,64}$/);

export const joinTokenSchema = z.strictObject({ id, invitationId: id, networkId: id, ...created });
export type JoinToken = z.infer<typeof joinTokenSchema>;

const path = '/networks/{networkId}/invitations/{invitationId}/join-tokens' as const;
export const issueJoinToken = route({
  name: 'issueJoinToken',
  method: 'POST',
  path,
  summary: 'Let an invitation be used by whoever has a secret that you made',
  body: z.strictObject({
    /** SHA-256 of the secret, lower-case hexadecimal. */
    secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  reply: joinTokenSchema,
  codes: [
    'network.unknown',
    'network.revoked',
    'network.ended',
    'invitation.unknown',
    'invitation.revoked',
    'invitation.expired',
    'invitation.no-address-yet',
    'join-token.secret-taken',
  ],
});
export const listJoinTokens = route({
  name: 'listJoinTokens',
  method: 'GET',
  path,
  summary: 'List the join tokens of an invitation that were not withdrawn',
  query: pageQuerySchema,
  reply: pageOf(joinTokenSchema),
  codes: ['invitation.unknown'],
});
export const withdrawJoinToken = route({
  name: 'withdrawJoinToken',
  method: 'DELETE',
  path: `${path}/{joinTokenId}`,
  summary:
    'Withdraw a join token: nobody begins by it any more. Who came stays; who has a claim certificate by it may still join',
  codes: ['invitation.unknown', 'join-token.unknown'],
});
/** `Authorization: Bearer <secret>`; no other caller may ask for this, and this caller for nothing else. */
export const join = route({
  name: 'join',
  method: 'POST',
  path: '/join',
  summary: 'Make the claim certificate of the invitation that a join token is of, for a key that you made',
  body: z.strictObject({ csr: csrSchema }),
  reply: invitationCredentialSchema,
  codes: [
    'join-token.withdrawn',
    'join-token.too-fast',
    'network.unknown',
    'invitation.unknown',
    'network.revoked',
    'network.ended',
    'invitation.revoked',
    'invitation.expired',
    'invitation.no-address-yet',
    'csr.malformed',
    'authority.awaiting-certificate',
    'certificate.pending',
  ],
});
