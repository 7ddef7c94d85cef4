import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from './processes/index.js';
import { openStateDirectory, resetState, writeSecret } from './state-directory.js';
import type { StateDirectory } from './state-directory.js';
import { lockState } from './state-lock.js';

const mode = (path: string): number => statSync(path).mode & 0o777;

describe('a state directory', () => {
  let parent: string;
  let state: StateDirectory;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'caravan-state-'));
    state = openStateDirectory(join(parent, '.caravan'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('is closed to every other user, whatever the umask and whatever was there', () => {
    const { root, secrets, logs } = state;
    expect([root, secrets, logs].map(mode)).toEqual([0o700, 0o700, 0o700]);
    const secret = writeSecret(state, 'token', 'one');
    writeSecret(state, 'token', 'two');
    expect(mode(secret)).toBe(0o600);
  });

  it('forgets everything but its downloads on a reset', () => {
    writeFileSync(join(state.cache, 'download'), '');
    const secret = writeSecret(state, 'token', 'x');
    writeFileSync(state.portsFile, '{}');
    const release = lockState(state);
    resetState(state);
    expect([existsSync(secret), existsSync(state.portsFile)]).toEqual([false, false]);
    expect([existsSync(join(state.cache, 'download')), existsSync(state.lockFile)]).toEqual([true, true]);
    release();
  });

  it('says what to do where it cannot be made', () => {
    writeFileSync(join(parent, 'file'), '');
    expect(() => openStateDirectory(join(parent, 'file', '.caravan'))).toThrow(/cannot be written.*CARAVAN_STATE/);
  });

  it('belongs to one start at a time', () => {
    const release = lockState(state);
    expect(() => lockState(state)).toThrow(new RegExp(`Another start \\(process ${process.pid}\\) is using`));
    release();
    expect(existsSync(state.lockFile)).toBe(false);
    lockState(state)();
  });

  it('is taken over from a start that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)']);
    writeFileSync(state.lockFile, JSON.stringify(identify(child.pid!)));
    expect(() => lockState(state)).toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    lockState(state)();
  });

  it.each([
    ['of another process that now has the number', () => JSON.stringify({ pid: process.pid, began: 'long ago' })],
    ['half written', () => '{"pid": 12'],
    ['empty', () => ''],
  ])('is taken over from a lock that is %s', (_what, content) => {
    writeFileSync(state.lockFile, content());
    const release = lockState(state);
    expect(() => lockState(state)).toThrow(/Another start/);
    release();
  });
});
