import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from './process-identity.js';
import { ProcessGroup } from './process-group.js';
import type { ProcessSpec } from './supervised-process.js';

const node = (name: string, script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  ...more,
});
const ORDERLY = `process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); }); console.log('ready'); setInterval(() => {}, 1e3)`;
const STUBBORN = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e3)`;
const ready = /^ready$/m;

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 60 s: ${condition.toString()}`);
    await pause(10);
  }
}

/** The processes that have these words on their command line. */
const processesWith = (words: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(join('/proc', name, 'cmdline'), 'utf8').includes(words);
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);

describe('a process group', () => {
  let dir: string;
  let said: string[];
  let group: ProcessGroup;
  const open = (): Promise<ProcessGroup> =>
    ProcessGroup.open({ logDir: join(dir, 'logs'), runDir: join(dir, 'run'), say: (line) => said.push(line) });
  const log = (name: string): string => readFileSync(join(dir, 'logs', `${name}.log`), 'utf8');

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'caravan-processes-'));
    said = [];
    group = await open();
  });
  afterEach(async () => {
    await group.stop();
    rmSync(dir, { recursive: true });
  });

  it('gives each child its own log and environment', async () => {
    const child = await group.start(
      node(
        'one',
        `console.log('out', process.env.WHAT); console.error('err'); console.log('ready'); setInterval(() => {}, 1e3)`,
        {
          ready,
          env: { WHAT: 'this' },
        },
      ),
    );
    expect(child.pid).toBeGreaterThan(0);
    expect(log('one')).toBe('out this\nerr\nready\n');
  });

  it('waits for a question to be answered with yes', async () => {
    let asked = 0;
    await group.start(node('one', ORDERLY, { ready: () => ++asked === 3 }));
    expect(asked).toBe(3);
  });

  it('leaves nothing running that it could not note down', async () => {
    mkdirSync(join(dir, 'run', 'one.pid.new'), { recursive: true });
    const noting = `require('fs').writeFileSync(${JSON.stringify(join(dir, 'pid'))}, String(process.pid)); ${ORDERLY}`;
    await expect(group.start(node('one', noting))).rejects.toThrow('EISDIR');
    rmSync(join(dir, 'run', 'one.pid.new'), { recursive: true });
    await group.start(node('two', noting, { ready })); // a negative control: it would have run
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    expect(processesWith(join(dir, 'pid'))).toEqual([pid]);
  });

  it.each<[string, ProcessSpec, RegExp]>([
    [
      'ends first',
      node('one', `console.error('no database'); process.exit(3)`, { ready }),
      /exited with code 3 before it was ready\n {2}\| no database/,
    ],
    [
      'never is',
      // A shell: it has said so long before its time is over, on a busy machine as well.
      { name: 'one', command: '/bin/sh', args: ['-c', 'echo thinking; exec sleep 60'], ready, readyWithinMs: 2_000 },
      /was not ready within 2 s\n {2}\| thinking/,
    ],
  ])('says why when a child that should be ready %s, with its last log lines', async (_what, spec, message) => {
    const start = group.start(spec);
    await expect(start).rejects.toThrow(message);
    await expect(start).rejects.toThrow(join(dir, 'logs', 'one.log'));
  });

  it('says so when a program cannot be started', async () => {
    const start = group.start({ name: 'absent', command: '/no/such/program' });
    await expect(start).rejects.toThrow(/absent could not be started: .*ENOENT/);
  });

  it('starts a child again that ends by itself, and says so', async () => {
    const child = await group.start(
      node('one', ORDERLY, { ready, restart: { firstMs: 10, longestMs: 100, healthyAfterMs: 5_000 } }),
    );
    const first = child.pid;
    await child.kill();
    await until(() => child.restarts === 1);
    expect(child.pid).not.toBe(first);
    expect(said.join('\n')).toMatch(/one was ended by SIGKILL[^]*starting it again in 0\.01 s/);
  });

  it('leaves a child alone that is not to be started again', async () => {
    const child = await group.start(node('one', ORDERLY, { ready, restart: 'never' }));
    await child.kill();
    await until(() => said.length > 0);
    await pause(100);
    expect(child.pid).toBeUndefined();
    expect(said[0]).not.toContain('again');
  });

  it('stops in reverse order, each after the one that stands on it', async () => {
    const stops: string[] = [];
    for (const name of ['nats', 'service']) {
      const child = await group.start(node(name, ORDERLY, { ready }));
      const { stop } = child;
      child.stop = async (ms) => {
        stops.push(`${name} asked`);
        await stop.call(child, ms);
        stops.push(`${name} ended`);
      };
    }
    await group.stop();
    expect(stops).toEqual(['service asked', 'service ended', 'nats asked', 'nats ended']);
    expect(log('nats')).toContain('stopped');
    expect(said).toEqual([]);
  });

  it('is stopped within ten seconds, whatever a child does; one that heeds the signal is not killed', async () => {
    const orderly = await group.start(node('orderly', ORDERLY, { ready }));
    const stubborn = await group.start(node('stubborn', STUBBORN, { ready }));
    const pids = [orderly.pid!, stubborn.pid!];
    const start = performance.now();
    await group.stop();
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(pids.map(identify)).toEqual([undefined, undefined]);
    expect(log('orderly')).toContain('stopped');
  });

  it('takes one down and starts it again in its turn, without taking that for a crash', async () => {
    const first = await group.start(node('first', ORDERLY, { ready }));
    await group.start(node('second', ORDERLY, { ready }));
    const startAgain = await group.takeDown('first');
    await pause(400); // it would have been started again by now
    expect([first.exit?.code, log('first')]).toEqual([0, 'ready\nstopped\n']);
    await startAgain();
    expect(log('first')).toBe('ready\nstopped\nready\n');
    await group.stop();
    expect(log('first')).toBe('ready\nstopped\nready\nstopped\n');
    expect(said).toEqual([]);
    await expect(startAgain()).rejects.toThrow('being stopped');
    await expect(group.takeDown('third')).rejects.toThrow('nothing called third');
  });

  it('starts nothing any more once it is being stopped', async () => {
    await group.stop();
    await expect(group.start(node('late', ORDERLY))).rejects.toThrow(/being stopped/);
  });

  it('first stops what an earlier group left running under its directory', async () => {
    const left = await group.start(node('left', ORDERLY, { ready, restart: 'never' }));
    const { pid } = left;
    const second = await open();
    expect(identify(pid!)).toBeUndefined();
    expect(said.join('\n')).toContain('stopped what an earlier start had left running: left');
    await second.stop();
  });
});
