import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KillPoint, Reached } from '@caravan/kill-points';
import { eventually } from '../eventually.js';
import { Harness } from './harness.js';
import { orphansOf } from './judging/orphans.js';

/** A process as the harness sees one: it says where it is, and goes on when it hears its number. */
class Passer {
  readonly passed: number[] = [];
  private constructor(
    private readonly socket: Socket,
    private last = 0,
  ) {
    createInterface(socket).on('line', (line) => this.passed.push(Number(line)));
  }
  static async at({ socketPath }: Harness): Promise<Passer> {
    const socket = connect(socketPath);
    await once(socket, 'connect');
    return new Passer(socket);
  }
  reach(point: KillPoint, about = ''): number {
    const reached: Reached = { id: ++this.last, point, about, pid: 1, parentPid: 1 };
    this.socket.write(`${JSON.stringify(reached)}\n`);
    return reached.id;
  }
  die(): void {
    this.socket.destroy();
  }
  hasPassed(id: number): Promise<true> {
    return eventually(`passage ${id}`, () => this.passed.includes(id), { withinMs: 5_000 });
  }
}

describe('the harness', () => {
  let harness: Harness;
  let passer: Passer;
  beforeEach(async () => {
    harness = await Harness.open();
    passer = await Passer.at(harness);
  });
  afterEach(async () => {
    passer.die();
    await harness.close();
  });

  it('holds the first who fits, and nobody else', async () => {
    const caught = harness.set(({ point, about }) => point === 'append.acked' && about === 'mine');
    await passer.hasPassed(passer.reach('append.decided', 'mine'));
    await passer.hasPassed(passer.reach('append.acked', 'yours'));
    const first = passer.reach('append.acked', 'mine');
    const held = await caught;
    await passer.hasPassed(passer.reach('append.acked', 'mine'));
    expect(passer.passed).not.toContain(first);
    expect(held.reached).toMatchObject({ id: first, about: 'mine' });
    held.letGo();
    await passer.hasPassed(first);
    expect(harness.passages).toHaveLength(4);
  });

  it('lets others wait until somebody is caught', async () => {
    const caught = harness.set(
      ({ point }) => point === 'kick.due',
      ({ point }) => point === 'nudge.due',
    );
    const waiting = passer.reach('nudge.due');
    await passer.hasPassed(passer.reach('sync.received'));
    expect(passer.passed).not.toContain(waiting);
    passer.reach('kick.due');
    await caught;
    await passer.hasPassed(waiting);
    void harness.set(
      () => false,
      () => true,
    );
    const another = passer.reach('nudge.due');
    await eventually('it waits', () => harness.passages.length === 4);
    harness.forget();
    await passer.hasPassed(another);
  });

  it('lets everybody pass without a trap, and forgets who came', async () => {
    void harness.set(() => true);
    harness.forget();
    await passer.hasPassed(passer.reach('kick.due'));
    harness.forget();
    expect(harness.passages).toEqual([]);
  });

  it('bears that who is held dies', async () => {
    const caught = harness.set(() => true);
    passer.reach('kick.due');
    const held = await caught;
    passer.die();
    await new Promise((resolve) => setImmediate(resolve));
    held.letGo();
    passer = await Passer.at(harness);
    await passer.hasPassed(passer.reach('kick.done'));
  });

  it('finds a process that was left behind', async () => {
    expect(orphansOf(harness.socketPath)).toEqual([]);
    const env = { ...process.env, CARAVAN_KILL_POINTS: harness.socketPath };
    const shell = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(createInterface(shell.stdout), 'line')) as [string];
    if (shell.exitCode === null) await once(shell, 'exit');
    try {
      expect(orphansOf(harness.socketPath)).toEqual([
        expect.stringContaining(`process ${line} has no parent any more`),
      ]);
    } finally {
      process.kill(Number(line));
    }
  });
});
