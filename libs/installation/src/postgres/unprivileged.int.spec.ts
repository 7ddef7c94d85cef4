import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findPort } from '../ports.js';
import { postgresBinaries } from './binaries.js';
import { startPostgres } from './start-postgres.js';
import { unprivileged } from './unprivileged.js';

const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
const NOBODY = 65_534;
/** Where no other suite that runs beside this one looks for ports: it is free while the server is stopped. */
const NOBODYS = { first: 26_000, last: 31_999 };

describe('PostgreSQL started by root', () => {
  const base = mkdtempSync(join(tmpdir(), 'caravan-root-'));
  const path = process.env['PATH'];
  afterEach(() => void (process.env['PATH'] = path));
  afterAll(() => rmSync(base, { recursive: true }));

  /** On this machine, these programs refuse. */
  function forbid(...programs: string[]): void {
    const bin = mkdtempSync(join(base, 'bin-'));
    for (const program of programs) writeFileSync(join(bin, program), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${bin}:${path}`;
  }

  function directory(name: string, mode: number): string {
    const dir = join(base, name);
    mkdirSync(dir);
    chmodSync(dir, mode);
    chmodSync(base, mode);
    return dir;
  }

  /** Starts it, stops it and starts it again in `dir`; resolves with the owner of the data. */
  async function runTwice(dir: string): Promise<number> {
    const port = await findPort(NOBODYS);
    const options = {
      dataDir: join(dir, 'data'),
      passwordFile: join(dir, 'password'),
      logFile: join(dir, 'log'),
      port,
      durable: false,
    };
    for (const database of ['one', 'two']) {
      const server = await startPostgres(options);
      await server.ensureDatabase(database);
      await server.stop();
    }
    return statSync(options.dataDir).uid;
  }

  itAsRoot('becomes nobody where nobody can reach everything', async () => {
    const dir = directory('open', 0o755);
    const { user, prefix } = unprivileged(postgresBinaries(), dir);
    // A checkout under a closed directory (a home of root) cannot be reached even so.
    if (user) expect({ user, prefix }).toEqual({ user: { uid: NOBODY, gid: NOBODY }, prefix: [] });
    expect(await runTwice(dir)).toBe(user ? NOBODY : 0);
  });

  itAsRoot('is called nobody in a namespace of its own where a directory is closed', async () => {
    const dir = directory('closed', 0o700);
    expect(unprivileged(postgresBinaries(), dir).prefix[0]).toBe('unshare');
    expect(await runTwice(dir)).toBe(0);
  });

  itAsRoot('becomes nobody with leave to pass closed directories where namespaces are forbidden', async () => {
    forbid('unshare');
    const dir = directory('no-namespaces', 0o700);
    expect(unprivileged(postgresBinaries(), dir).prefix[0]).toBe('setpriv');
    expect(await runTwice(dir)).toBe(NOBODY);
  });

  itAsRoot('takes over what it left in another way', async () => {
    const dir = directory('changing', 0o700);
    expect(await runTwice(dir)).toBe(0);
    forbid('unshare');
    expect(await runTwice(dir)).toBe(NOBODY);
  });

  itAsRoot('is refused with what to do where none of this is allowed', () => {
    forbid('unshare', 'setpriv');
    expect(() => unprivileged(postgresBinaries(), directory('hopeless', 0o700))).toThrow(/ordinary user.*DATABASE_URL/);
  });
});
