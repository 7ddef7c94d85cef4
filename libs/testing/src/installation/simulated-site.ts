import { randomBytes } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { CAPABILITY, claimSubject } from '@caravan/events';
import { createCsr, exportPrivateKey, generateKeyPair } from '@caravan/pki';
import type { Credential, InvitationFile } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { TestInstallation } from './test-installation.js';

/**
 * A NATS connection as a site has it, but made by hand and straight to the server, which is where a test can try what no
 * site-controller would. `port`: of something else that leads there.
 */
export function connectAsSite(
  { plane, root }: TestInstallation,
  { chain, key }: Credential,
  { name = randomBytes(24).toString('base64url'), port = plane.natsPort }: { name?: string; port?: number } = {},
): Promise<NatsConnection> {
  return connect({
    servers: `tls://127.0.0.1:${port}`,
    name,
    inboxPrefix: `_INBOX_${name}`,
    tls: { cert: chain.join(''), key, ca: root, handshakeFirst: true },
    reconnect: false,
    ignoreClusterUpdates: true,
    timeout: 10_000,
  });
}

/** A new key and the request for its certificate. */
export function newKey(commonName: string): { readonly csr: string; readonly key: string } {
  const keyPair = generateKeyPair();
  return { csr: createCsr({ subject: { commonName }, keyPair }), key: exportPrivateKey(keyPair.privateKey).reveal() };
}

/** Asks on a site's subject and gives what came back, a refusal included. */
export async function ask(nats: NatsConnection, subject: string, request: unknown): Promise<Record<string, unknown>> {
  const answer = await nats.request(subject, JSON.stringify(request), { timeout: 20_000 });
  return answer.json();
}

/** Joins straight at the NATS server, as a member of which the test holds the key. */
export async function joinByHand(
  installation: TestInstallation,
  { invitation, certificate }: InvitationFile,
): Promise<{ readonly siteId: string; readonly credential: Credential }> {
  const { csr, key } = newKey('by hand');
  const nats = await connectAsSite(installation, certificate);
  try {
    const answer = await eventually('admitted', async () => {
      const reply = await ask(nats, claimSubject(invitation.id), { capability: CAPABILITY, csr });
      return reply['status'] === 'admitted' ? reply : undefined;
    });
    return { siteId: answer['siteId'] as string, credential: { chain: answer['chain'] as string[], key } };
  } finally {
    await nats.close();
  }
}
