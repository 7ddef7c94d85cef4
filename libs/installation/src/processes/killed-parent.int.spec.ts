import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from './process-identity.js';

/** Compiles this folder for a process of its own: what is tested is the source, never a build that may be old. */
function compile(target: string): void {
  const source = dirname(fileURLToPath(import.meta.url));
  mkdirSync(target);
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  for (const file of readdirSync(source).filter((name) => name.endsWith('.ts') && !name.includes('.spec.'))) {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), 'utf8'), { compilerOptions });
    writeFileSync(join(target, file.replace(/ts$/, 'js')), outputText);
  }
}

const PARENT = `
import { ProcessGroup, onStopSignal } from './index.js';
const [dir, how] = process.argv.slice(2);
const group = await ProcessGroup.open({ logDir: dir + '/logs', runDir: dir + '/run' });
const script = "process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); }); console.log('ready'); setInterval(() => {}, 1e3)";
const one = await group.start({ name: 'one', command: process.execPath, args: ['-e', script], ready: /ready/ });
const two = await group.start({ name: 'two', command: '/bin/sleep', args: ['1000'] });
onStopSignal(() => group.stop().then(() => process.exit(0)));
console.log(JSON.stringify([one.pid, two.pid]));
if (how === 'exits') process.exit(0);
`;

const CHILD = `
import { stopWithParent } from './index.js';
stopWithParent(() => { console.log('parent gone'); process.exit(0); });
console.log('running');
setInterval(() => {}, 1e3);
`;

describe('children of a parent that goes', () => {
  let dir: string;
  let parent: ChildProcess;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'caravan-parent-'));
    compile(join(dir, 'code'));
    writeFileSync(join(dir, 'code', 'starts-two.js'), PARENT);
    writeFileSync(join(dir, 'code', 'heeds-its-input.js'), CHILD);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  async function startParent(how: string): Promise<number[]> {
    parent = spawn(process.execPath, [join(dir, 'code', 'starts-two.js'), dir, how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of parent.stdout!) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    return JSON.parse(text) as number[];
  }

  async function allGone(pids: number[]): Promise<void> {
    const deadline = performance.now() + 9_000;
    while (pids.some(identify) && performance.now() < deadline) await pause(20);
    expect(pids.map(identify)).toEqual(pids.map(() => undefined));
  }

  it('run as long as it does', async () => {
    const pids = await startParent('stays');
    await pause(500);
    expect(pids.map((pid) => identify(pid)?.pid)).toEqual(pids);
    parent.kill('SIGTERM');
    await allGone(pids);
  });

  it('are stopped in good order when it is killed with -9', async () => {
    const pids = await startParent('stays');
    parent.kill('SIGKILL');
    await allGone(pids);
    expect(readFileSync(join(dir, 'logs', 'one.log'), 'utf8')).toContain('stopped');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('are stopped on %s', async (signal) => {
    const pids = await startParent('stays');
    parent.kill(signal);
    await allGone(pids);
  });

  it('are stopped when it exits without a word', async () => {
    await allGone(await startParent('exits'));
  });

  it('notice by themselves at the end of their input, and are not misled by an inherited variable', async () => {
    const run = (stdin: 'pipe' | 'ignore', env: object): ChildProcess =>
      spawn(process.execPath, [join(dir, 'code', 'heeds-its-input.js')], {
        stdio: [stdin, 'pipe', 'inherit'],
        env: { ...process.env, ...env },
      });
    const told = run('pipe', { CARAVAN_PARENT: 'stdin' });
    const plain = run('ignore', { CARAVAN_PARENT: '' });
    await Promise.all([told, plain].map(({ stdout }) => new Promise((resolve) => stdout!.once('data', resolve))));
    told.stdin!.end();
    await new Promise((resolve) => told.once('exit', resolve));
    await pause(200);
    expect(plain.exitCode).toBeNull();
    plain.kill();
  });
});
