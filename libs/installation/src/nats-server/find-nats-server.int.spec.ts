import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findNatsServer } from './find-nats-server.js';
import { MINIMUM_NATS_SERVER, compareVersions, showVersion } from './version.js';

const dir = mkdtempSync(join(tmpdir(), 'caravan-find-'));
afterAll(() => rmSync(dir, { recursive: true }));

const UTILITIES = '/usr/bin:/bin';
const OFFLINE =
  /Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|fetched only on|only on Debian/;

/** A program that says it is nats-server of this version. */
function pretend(name: string, version: string): string {
  const path = join(dir, name, 'nats-server');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A machine whose apt knows only this mirror. */
function machine(name: string, mirror: string, osRelease = 'ID=debian\nVERSION_CODENAME=bookworm\n'): string {
  const etc = join(dir, name);
  mkdirSync(join(etc, 'apt'), { recursive: true });
  writeFileSync(join(etc, 'os-release'), osRelease);
  writeFileSync(join(etc, 'apt', 'sources.list'), `deb [trusted=yes] ${mirror} bookworm main\n`);
  return etc;
}

// Once for this file, before its tests are named: without a network there is nothing to fetch from.
const said: string[] = [];
const cacheDir = join(dir, 'cache');
const path = `${dirname(pretend('debian-12', '2.9.10'))}:${UTILITIES}`;
const download = await findNatsServer({ cacheDir, env: { PATH: path }, say: (line) => said.push(line) }).catch(
  (error: Error) => error,
);
const online = !(download instanceof Error && OFFLINE.test(download.message));

describe('finding nats-server', () => {
  let lines: string[];
  const find = (
    env: NodeJS.ProcessEnv,
    cache = join(dir, 'empty'),
    etc = machine('nowhere', 'http://127.0.0.1:9/debian'),
  ) => findNatsServer({ cacheDir: cache, env: { PATH: UTILITIES, ...env }, etc, say: (line) => lines.push(line) });
  beforeEach(() => void (lines = []));

  it('takes NATS_SERVER_BIN before anything else', async () => {
    const bin = pretend('named', '2.12.7');
    expect(await find({ NATS_SERVER_BIN: bin, PATH: dirname(pretend('on-path', '2.14.0')) })).toMatchObject({
      path: bin,
      from: 'NATS_SERVER_BIN',
    });
  });

  it.each([
    ['too old', () => pretend('old', '2.9.10'), /NATS_SERVER_BIN cannot be used.*2\.9\.10/],
    ['not there', () => '/no/such/nats-server', /NATS_SERVER_BIN cannot be used.*ENOENT/],
  ])('refuses a NATS_SERVER_BIN that is %s rather than take another', async (_what, bin, message) => {
    const env = { NATS_SERVER_BIN: bin(), PATH: dirname(pretend('on-path', '2.14.0')) };
    await expect(find(env)).rejects.toThrow(message);
  });

  it('takes one on PATH, passing over one that is too old with a line that says why', async () => {
    const old = pretend('debian-12', '2.9.10');
    const good = pretend('on-path', '2.14.0');
    expect(await find({ PATH: `${dirname(old)}:${dirname(good)}` })).toMatchObject({ path: good, from: 'PATH' });
    expect(lines).toEqual([expect.stringMatching(`passing over ${old} .*2.9.10`)]);
  });

  it('takes the one in the cache, with no network', async () => {
    const cached = pretend('some-cache/nats-server', '2.10.27');
    expect(await find({}, join(dir, 'some-cache'))).toMatchObject({ path: cached, from: 'cache' });
  });

  it('says what was refused, where, and what to do, when it cannot be fetched', async () => {
    await expect(find({})).rejects.toThrow(/127\.0\.0\.1:9[^]*apt-get[^]*NATS_SERVER_BIN=/);
    expect(lines[0]).toMatch(/fetching nats-server from http:\/\/127\.0\.0\.1:9/);
    expect(readdirSync(join(dir, 'empty', 'nats-server'))).toEqual([]);
  });

  it('fetches nothing from an archive without a signature, even one that the machine trusts blindly', async () => {
    const archive = join(dir, 'archive');
    const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
    const packages = join(archive, 'dists/trixie/main', `binary-${architecture}`);
    mkdirSync(packages, { recursive: true });
    writeFileSync(join(packages, 'Packages'), '');
    writeFileSync(join(archive, 'dists/trixie/Release'), 'Suite: trixie\nCodename: trixie\n');
    await expect(find({}, undefined, machine('blind', `file:${archive}`))).rejects.toThrow(/not signed/);
  });

  it('tells other systems how to install it', async () => {
    const etc = machine('alpine', 'http://127.0.0.1:9/debian', 'ID=alpine\n');
    await expect(find({}, undefined, etc)).rejects.toThrow(/only on Debian.*Install nats-server 2\.10\.27 or newer/);
    await expect(find({}, undefined, join(dir, 'no-etc'))).rejects.toThrow(/Install nats-server/);
  });

  (online ? it : it.skip)("fetches it from this machine's Debian mirror, once", async () => {
    if (download instanceof Error) throw download;
    expect(download.from).toBe('download');
    expect(compareVersions(download.version, MINIMUM_NATS_SERVER)).toBeGreaterThanOrEqual(0);
    expect(execFileSync(download.path, ['--version'], { encoding: 'utf8' })).toContain(showVersion(download.version));
    expect(said[0]).toMatch(/passing over .*2\.9\.10/);
    expect(readdirSync(dirname(download.path))).toEqual(['nats-server']);
    expect(await find({ PATH: path }, cacheDir)).toMatchObject({ path: download.path, from: 'cache' });
    expect(existsSync(join(cacheDir, 'nats-server', 'lists'))).toBe(false);
  });
});
