import { identityIn } from '@caravan/pki';
import type { CertificateFacts, LastAsked } from '@caravan/pki';
import { Rejection } from '@caravan/event-store';
import { z } from 'zod';
import type { Credential } from './admission-rules.js';

/** The parts of a NATS authorization request that matter; the server has verified the chain up to the root. */
export const authorizationRequestSchema = z.object({
  nats: z.object({
    user_nkey: z.string(),
    server_id: z.object({ id: z.string() }),
    client_info: z.object({ name: z.string().optional() }).optional(),
    connect_opts: z.object({ name: z.string().optional() }).optional(),
    client_tls: z.object({ verified_chains: z.array(z.array(z.string())).optional() }).optional(),
  }),
});
export type AuthorizationRequest = z.infer<typeof authorizationRequestSchema>['nats'];

/** What certificates say, by their PEM. */
export type ReadCertificates = Pick<LastAsked<CertificateFacts>, 'of'>;

export interface DatedCredential extends Credential {
  /** ISO-8601: when the certificate ends. */
  readonly notAfter: string;
}

/**
 * @throws Rejection `identity.none`, `certificate.not-a-client` (nats-server takes an authority for a client where nothing says
 * what it is for); PkiError when the certificate is nobody's in this installation.
 */
export function credentialOf(
  request: AuthorizationRequest,
  installation: string,
  certificates: ReadCertificates,
): DatedCredential {
  const [leaf, issuer] = request.client_tls?.verified_chains?.[0] ?? [];
  if (leaf === undefined || issuer === undefined) throw new Rejection('identity.none');
  const facts = certificates.of(leaf);
  if (facts.isCa || !facts.usages.includes('client')) {
    throw new Rejection('certificate.not-a-client', { subject: facts.subject });
  }
  return {
    identity: identityIn(facts, installation),
    serial: facts.serial,
    issuerFingerprint: certificates.of(issuer).fingerprint,
    notAfter: facts.notAfter,
  };
}

/** Random and at least 128 bits long, since it is all that keeps the inboxes of those apart who share a claim certificate. */
const inboxName = /^[A-Za-z0-9_-]{22,64}$/;

/** @throws Rejection `connection.unnamed` */
export function inboxOf(request: AuthorizationRequest): string {
  const name = request.connect_opts?.name ?? request.client_info?.name ?? '';
  if (!inboxName.test(name)) {
    throw new Rejection('connection.unnamed', {
      detail: 'The connection name must be 22 to 64 random letters, digits, - or _: it scopes the inbox.',
    });
  }
  return `_INBOX_${name}.>`;
}
