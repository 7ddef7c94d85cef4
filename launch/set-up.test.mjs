import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { remedy } from './dependencies.mjs';
import { agrees, isInstalled, recordInstalled } from './installed.mjs';
import { isNewEnough, tooOld } from './node-version.mjs';
import { chooseCache } from './npm.mjs';
import { progress, seconds } from './progress.mjs';
import { runProgram } from './run-program.mjs';

const dir = mkdtempSync(join(tmpdir(), 'caravan-launch-'));
after(() => rmSync(dir, { recursive: true }));

describe('Node', () => {
  it('is new enough from 20.19 on', () => {
    assert.deepEqual(['20.19.0', '20.20.2', '22.0.0', '100.0.0'].map(isNewEnough), [true, true, true, true]);
    assert.deepEqual(['20.18.9', '18.99.0', '8.0.0', '0.12.1'].map(isNewEnough), [false, false, false, false]);
    assert.match(tooOld('18.1.0'), /needs Node 20\.19.*is 18\.1\.0.*Install/);
  });
});

describe('an installation', () => {
  const lock = {
    packages: {
      '': { name: 'x' },
      'libs/a': { name: 'a' },
      'node_modules/b': { version: '1.0.0', integrity: 'sha512-b' },
      'libs/a/node_modules/c': { version: '2.0.0', integrity: 'sha512-c' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  };
  const installed = (changes) => ({
    packages: { ...lock.packages, 'node_modules/other-platform': undefined, ...changes },
  });

  it('agrees with the lock file when each package is there in its version, or is optional', () => {
    assert.equal(agrees(lock, installed({})), true);
  });

  for (const [what, change] of [
    ['missing', { 'node_modules/b': undefined }],
    ['in another version', { 'node_modules/b': { version: '1.0.1', integrity: 'sha512-b' } }],
    ['with other contents', { 'libs/a/node_modules/c': { version: '2.0.0', integrity: 'sha512-x' } }],
  ]) {
    it(`does not agree when a package is ${what}`, () => assert.equal(agrees(lock, installed(change)), false));
  }

  it('is done again when the lock file changes', () => {
    const root = join(dir, 'installed');
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
    assert.equal(isInstalled(root), false); // half installed: npm left no record
    recordInstalled(root);
    assert.equal(isInstalled(root), true);
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ ...lock, version: 2 }));
    assert.equal(isInstalled(root), false);
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify(installed({})));
    assert.equal(isInstalled(root), true); // somebody ran npm install
  });

  it('that fails says what to do', () => {
    assert.match(remedy('npm error code EUSAGE\nMissing: x@1 from lock file'), /npm install/);
    assert.match(remedy('npm error code EACCES'), /chown/);
    assert.match(remedy('npm error code ENOTCACHED'), /network/);
    assert.match(remedy('something else'), /See above/);
  });
});

describe("npm's cache", () => {
  it('stays where it is set to, if that can be written', () => {
    const usual = join(dir, 'cache');
    assert.deepEqual(chooseCache(dir, { npm_config_cache: usual }), { usual, use: usual });
    assert.equal(chooseCache(dir, { HOME: dir }).use, join(dir, '.npm'));
  });

  it('goes into the checkout otherwise, and if that cannot be written either, an error says so', () => {
    writeFileSync(join(dir, 'file'), '');
    const usual = join(dir, 'file', 'cache');
    assert.equal(chooseCache(dir, { npm_config_cache: usual }).use, join(dir, '.caravan', 'cache', 'npm'));
    const nowhere = () => chooseCache(join(dir, 'file'), { npm_config_cache: usual });
    assert.throws(nowhere, /neither in .* nor in .*chown/);
  });
});

describe('progress', () => {
  const lines = [];
  const stream = { isTTY: false, write: (text) => lines.push(text) };

  it('is plain lines where there is no terminal', async () => {
    assert.equal(await progress('waiting', async () => 7, stream), 7);
    assert.equal(lines[0], 'waiting ...\n');
    assert.match(lines[1], /^✓ waiting \(\d+\.\d s\)\n$/);
  });

  it('counts tenths of a second, and whole ones after ten', () => {
    assert.deepEqual([0, 1_249, 9_999, 10_000, 75_400].map(seconds), ['0.0 s', '1.2 s', '10.0 s', '10 s', '75 s']);
  });

  it('passes a failure on', async () => {
    await assert.rejects(
      progress('failing', async () => Promise.reject(new Error('no')), stream),
      /no/,
    );
    assert.match(lines.at(-1), /^✗ failing/);
  });
});

const runs = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a program', () => {
  it('gives its code and all that it printed', async () => {
    const script = 'console.log(1); console.error(2); process.exit(3)';
    const { code, output } = await runProgram(process.execPath, ['-e', script]);
    assert.equal(code, 3);
    assert.deepEqual(output.trim().split('\n').sort(), ['1', '2']);
  });

  it('that is not there is an error with its name', async () => {
    await assert.rejects(runProgram('/no/such/program', []), /\/no\/such\/program could not be started/);
  });

  it('that does not heed a signal is killed with all that it started, and we end with the code of the signal', async () => {
    const stubborn = 'trap "" TERM; echo $$; sh -c "trap \\"\\" TERM; echo \\$\\$; sleep 60; sleep 60"';
    const library = new URL('run-program.mjs', import.meta.url).href;
    const script = `import(${JSON.stringify(library)}).then((m) => m.runProgram('/bin/sh', ['-c', ${JSON.stringify(stubborn)}], { show: true }))`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    parent.stderr.on('data', (data) => {
      printed += data;
      if (printed.trim().split('\n').length === 2) parent.kill('SIGINT');
    });
    const code = await new Promise((resolve) => parent.once('exit', resolve));
    assert.equal(code, 130);
    const pids = printed.trim().split('\n').map(Number);
    assert.equal(pids.length, 2);
    for (let tries = 0; tries < 200 && pids.some(runs); tries++) await pause(10); // init has to notice as well
    assert.deepEqual(pids.filter(runs), []);
  });

  it('leaves no signal handler behind', async () => {
    const handlers = process.listenerCount('SIGTERM');
    await runProgram(process.execPath, ['-e', '']);
    assert.equal(process.listenerCount('SIGTERM'), handlers);
  });
});
