// Makes what compose.yaml mounts: node docker/configure.mjs [--database-url URL] [--nats-host HOST]... [--installation NAME]
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openStateDirectory, programsIn, writeSecret, writeServerFiles } from '@caravan/installation';

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    'nats-host': { type: 'string', multiple: true, default: [] },
    installation: { type: 'string', default: 'caravan' },
    out: { type: 'string', default: fileURLToPath(new URL('generated', import.meta.url)) },
    'mounted-at': { type: 'string', default: '/etc/caravan' },
  },
});

const state = openStateDirectory(values.out);
const kept = (name, make) => {
  const path = join(state.secrets, name);
  if (!existsSync(path)) writeSecret(state, name, make());
  return readFileSync(path, 'utf8').trim();
};
const password = kept('postgres-password', () => randomBytes(24).toString('base64url'));
kept('bootstrap-token', () => `${randomBytes(32).toString('base64url')}\n`);

const databaseUrl = values['database-url'];
if (databaseUrl === undefined) {
  process.stdout.write(`The database's password is in ${join(state.secrets, 'postgres-password')}. Now:
  docker compose -f docker/compose.yaml up -d postgres
  node docker/configure.mjs --database-url postgres://caravan:<password>@127.0.0.1:5432/caravan
`);
} else {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const file = await writeServerFiles({
    out: values.out,
    mountedAt: values['mounted-at'],
    installation: values.installation,
    managementSiteId: kept('management-site', () => `${randomUUID()}\n`),
    natsHosts: values['nats-host'],
    databaseUrl: databaseUrl.replace('<password>', password),
    certServiceMain: programsIn(root).certService,
  });
  process.stdout.write(`${file} written. Now: docker compose -f docker/compose.yaml up -d nats\n`);
}
