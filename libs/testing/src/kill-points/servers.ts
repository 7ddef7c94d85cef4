import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectAsService } from '../installation/index.js';
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

/** What the judge's connection is called. */
export const JUDGE = 'judge';

/** As router-config, which may read the whole log and write nothing. Comes back by itself when the server does. */
export const connectAsReader = (installation: TestInstallation): Promise<NatsConnection> =>
  connectAsService(installation, 'router-config', {
    name: JUDGE,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    ignoreAuthErrorAbort: true,
  });
