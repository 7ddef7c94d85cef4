import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lock, openSiteDirectory } from './index.js';
import type { SiteDirectoryError } from './index.js';

const SECRET = '-----BEGIN PRIVATE KEY-----';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caravan-site-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const filesUnder = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const inTheClear = (text: string): string[] => filesUnder(root).filter((file) => readFileSync(file).includes(text));
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const codeOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

describe('the directory of a site', () => {
  it('is its owner alone to read, also when it was open before', async () => {
    execFileSync('chmod', ['755', root]);
    const directory = await openSiteDirectory(root, {});
    await directory.sealed.write('one', 'x');
    await directory.become('member');
    for (const path of [root, join(root, 'state'), join(root, 'logs')]) expect(modeOf(path)).toBe('700');
    for (const file of filesUnder(root)) expect([file, modeOf(file)]).toEqual([file, '600']);
  });

  it('remembers what it is', async () => {
    expect(await (await openSiteDirectory(root, {})).role()).toBeUndefined();
    await (await openSiteDirectory(root, {})).become('backbone');
    expect(await (await openSiteDirectory(root, {})).role()).toBe('backbone');
  });

  it('has nothing secret in the clear; without sealing it would', async () => {
    await (await openSiteDirectory(root, {})).sealed.write('certificate-site', SECRET);
    expect(inTheClear('PRIVATE KEY')).toEqual([]);
    const plain = { close: (text: Buffer) => text, open: (text: Buffer) => text };
    await (await openSiteDirectory(root, {}, plain)).sealed.write('certificate-site', SECRET);
    expect(inTheClear('PRIVATE KEY')).toHaveLength(1);
  });

  it('keeps documents over restarts, and forgets removed ones', async () => {
    const { sealed } = await openSiteDirectory(root, {});
    await sealed.write('one', 'first');
    await sealed.write('one', 'second');
    await sealed.write('two', 'x');
    await sealed.remove('two');
    await sealed.remove('never-there');
    const again = (await openSiteDirectory(root, {})).sealed;
    expect(await again.read('one')).toBe('second');
    expect(await again.read('two')).toBeUndefined();
    expect(await again.names()).toEqual(['one']);
  });

  it('refuses a document that was moved to another name', async () => {
    const { sealed } = await openSiteDirectory(root, {});
    await sealed.write('one', 'first');
    copyFileSync(join(root, 'state/one.sealed'), join(root, 'state/two.sealed'));
    expect(await codeOf(sealed.read('two'))).toBe('site-directory.damaged');
    expect(await sealed.read('one')).toBe('first');
  });

  it('removes what a crash in the middle of a write left', async () => {
    await openSiteDirectory(root, {});
    writeFileSync(join(root, 'state/.one.sealed.4711.1.tmp'), 'half');
    await openSiteDirectory(root, {});
    expect(readdirSync(join(root, 'state'))).toEqual([]);
  });
});

describe('the seal key', () => {
  const hex = '00'.repeat(31) + '07';

  it('can come from the environment, a command or a file that lies elsewhere, and then is not kept', async () => {
    await (await openSiteDirectory(root, { CARAVAN_SEAL_KEY: hex })).sealed.write('one', 'x');
    const file = join(tmpdir(), `caravan-seal-${process.pid}`);
    writeFileSync(file, `${Buffer.from(hex, 'hex').toString('base64')}\n`);
    expect(await (await openSiteDirectory(root, { CARAVAN_SEAL_KEY_FILE: file })).sealed.read('one')).toBe('x');
    const command = { CARAVAN_SEAL_KEY_COMMAND: `cat '${file}'` };
    expect(await (await openSiteDirectory(root, command)).sealed.read('one')).toBe('x');
    rmSync(file);
    await expect(openSiteDirectory(root, command)).rejects.toThrow('CARAVAN_SEAL_KEY_COMMAND ended with exit code 1');
    expect(readdirSync(root)).not.toContain('seal.key');
  });

  it('is refused when it is another one, and nothing is touched', async () => {
    await (await openSiteDirectory(root, { CARAVAN_SEAL_KEY: hex })).sealed.write('one', 'x');
    const before = readFileSync(join(root, 'state/one.sealed'));
    const other = await openSiteDirectory(root, { CARAVAN_SEAL_KEY: 'ff'.repeat(32) });
    expect(await codeOf(other.sealed.read('one'))).toBe('site-directory.wrong-seal-key');
    expect(readFileSync(join(root, 'state/one.sealed')).equals(before)).toBe(true);
  });

  it('is not made anew when it went missing', async () => {
    await (await openSiteDirectory(root, {})).sealed.write('one', 'x');
    rmSync(join(root, 'seal.key'));
    expect(await codeOf(openSiteDirectory(root, {}))).toBe('site-directory.bad-seal-key');
  });

  it.each(['', 'zz', 'c2hvcnQ=', `${hex} ${hex}`])('is refused when it is %j', async (key) => {
    const file = join(root, 'given.key');
    writeFileSync(file, key);
    expect(await codeOf(openSiteDirectory(root, { CARAVAN_SEAL_KEY_FILE: file }))).toBe('site-directory.bad-seal-key');
  });
});

describe('the lock of a directory', () => {
  it('is held by one process, whose number is said', async () => {
    const file = join(root, 'lock');
    const release = await lock(file);
    await expect(lock(file)).rejects.toThrow(`Process ${process.pid} runs this site`);
    release();
    (await lock(file))();
    expect(readdirSync(root)).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    const file = join(root, 'lock');
    const child = spawn('sleep', ['60']);
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(file, `${child.pid} ${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`);
    const refused = (await lock(file).catch((error: unknown) => error)) as SiteDirectoryError;
    expect(refused.code).toBe('site-directory.in-use');
    // It may be another join that is just getting on.
    expect(refused.message).toContain(`Process ${child.pid} runs this site`);
    expect(refused.message).toContain(`caravan site status --dir ${root}`);
    expect(refused.message).not.toContain('kill');
    setTimeout(() => child.kill('SIGKILL'), 100);
    (await lock(file, 5_000))();
  });

  it('is not held by a later process with the same number', async () => {
    const file = join(root, 'lock');
    writeFileSync(file, `${process.pid} another-boot 1`);
    (await lock(file))();
  });
});
