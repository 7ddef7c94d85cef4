import { readFileSync } from 'node:fs';
import { writeSecret } from '../state-directory.js';
import type { ProcessGroup } from '../processes/index.js';
import type { StateDirectory } from '../state-directory.js';
import type { Programs } from './programs.js';
import { pkiFile as pki } from './services.js';

interface ManagementSite {
  readonly natsPort: number;
  readonly installation: string;
  readonly managementSiteId: string;
}

/** Starts the management plane's own site, with what it is told as its file. */
export async function startManagementSite(
  { state, group, programs }: { state: StateDirectory; group: ProcessGroup; programs: Programs },
  { natsPort, installation, managementSiteId }: ManagementSite,
  dir: string,
): Promise<void> {
  const certificatesIn = (file: string): string[] =>
    (readFileSync(pki(state, file), 'utf8').match(PEM_BLOCKS) ?? []).map((block) => `${block}\n`);
  const file = writeSecret(
    state,
    'management-site.json',
    JSON.stringify({
      format: 'caravan.management-site',
      version: 1,
      installation,
      site: { id: managementSiteId, name: 'management' },
      control: {
        serverName: 'caravan.control',
        trust: certificatesIn('management-ca.pem'),
        host: '127.0.0.1',
        port: natsPort,
      },
      certificate: {
        chain: certificatesIn('management-site.pem'),
        key: readFileSync(pki(state, 'management-site.key'), 'utf8'),
      },
    }),
  );
  await group.start({
    name: 'site-management',
    command: programs.siteSupervisor,
    args: ['--dir', dir, '--file', file],
    env: { ...process.env, CARAVAN_PARENT: 'stdin' },
  });
}

const PEM_BLOCKS = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
