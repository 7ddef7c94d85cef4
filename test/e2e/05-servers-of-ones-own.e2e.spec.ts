import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '@caravan/testing/installation';
import { natsServerBin, usePostgres } from '@caravan/testing/servers';

const run = promisify(execFile);

/** docker/README.md, with a PostgreSQL of the test's own: what is mounted there is what a real nats-server takes. */
describe('servers of one’s own', () => {
  const postgres = usePostgres();
  const out = mkdtempSync(join(tmpdir(), 'caravan-docker-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const configure = (...args: string[]) =>
    run(process.execPath, [join(workspaceRoot, 'docker/configure.mjs'), '--out', out, '--mounted-at', out, ...args]);

  it('1. the first run makes the database’s password, for its owner’s eyes only', async () => {
    const { stdout } = await configure();
    expect(stdout).toContain('--database-url');
    expect(statSync(join(out, 'secrets/postgres-password')).mode & 0o077).toBe(0);
  });

  it('2. the second makes certificates, nkeys and a configuration that nats-server takes', async () => {
    await configure('--database-url', postgres().url, '--nats-host', 'nats.example');
    const config = join(out, 'nats-server.conf');
    await run(await natsServerBin(), ['-t', '-c', config]);
    expect(readFileSync(config, 'utf8')).toContain('sync_interval: always');
  });

  it('3. a third changes nothing', async () => {
    const before = readFileSync(join(out, 'nats-server.conf'), 'utf8');
    await configure('--database-url', postgres().url, '--nats-host', 'nats.example');
    expect(readFileSync(join(out, 'nats-server.conf'), 'utf8')).toBe(before);
  });
});
