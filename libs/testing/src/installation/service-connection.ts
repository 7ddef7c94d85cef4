import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { ServiceName } from '@caravan/installation';
import type { TestInstallation } from './test-installation.js';

/** A connection to the management NATS server with the rights of one service: its nkey over mutual TLS. */
export function connectAsService(
  { state, plane }: TestInstallation,
  name: ServiceName,
  more: Partial<NodeConnectionOptions> = {},
): Promise<NatsConnection> {
  const pki = (file: string): string => join(state.secrets, 'pki', file);
  const seed = readFileSync(join(state.secrets, `${name}.nkey`), 'utf8').trim();
  return connect({
    servers: `tls://127.0.0.1:${plane.natsPort}`,
    name,
    inboxPrefix: `_INBOX_${name}`,
    tls: {
      caFile: pki('root.pem'),
      certFile: pki(`${name}.pem`),
      keyFile: pki(`${name}.key`),
      handshakeFirst: true,
    },
    authenticator: nkeyAuthenticator(() => new TextEncoder().encode(seed)),
    timeout: 10_000,
    ...more,
  });
}
