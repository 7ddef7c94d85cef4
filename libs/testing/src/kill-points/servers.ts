import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { TestInstallation } from '../installation/index.js';

/** How a judge reaches the servers of an installation: past every service. */
const portsOf = ({ state }: TestInstallation): Record<string, number> =>
  JSON.parse(readFileSync(state.portsFile, 'utf8')) as Record<string, number>;

export function databaseUrlOf(installation: TestInstallation): string {
  const password = readFileSync(join(installation.state.secrets, 'postgres-password'), 'utf8').trim();
  return `postgres://caravan:${password}@127.0.0.1:${portsOf(installation)['postgres']}/caravan`;
}

export const natsMonitorOf = (installation: TestInstallation): string =>
  `http://127.0.0.1:${portsOf(installation)['nats monitor']}`;

/** As router-config, which may read the whole log and write nothing. Comes back by itself when the server does. */
export function connectAsReader({ state, plane }: TestInstallation): Promise<NatsConnection> {
  const pki = (file: string): string => readFileSync(join(state.secrets, 'pki', file), 'utf8');
  const seed = /^S[A-Z2-7]{40,}$/m.exec(readFileSync(join(state.secrets, 'router-config.nkey'), 'utf8'))?.[0] ?? '';
  return connect({
    servers: `tls://127.0.0.1:${plane.natsPort}`,
    name: 'judge',
    inboxPrefix: '_INBOX_router-config',
    tls: {
      ca: pki('root.pem'),
      cert: pki('router-config.pem'),
      key: pki('router-config.key'),
      handshakeFirst: true,
    },
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    ignoreAuthErrorAbort: true,
  });
}
