import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { harnessLine } from './harness-line.js';
import type { Reached } from './harness-line.js';
import { killPoint, killPoints } from './index.js';

describe('a kill point', () => {
  let directory: string;
  let path: string;
  let server: Server;
  let sockets: Socket[];
  let reached: Reached[];
  let arrived: () => void;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'caravan-kill-points-'))));
  afterAll(() => rm(directory, { recursive: true }));
  beforeEach(async () => {
    path = join(directory, 'socket');
    [sockets, reached] = [[], []];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.setEncoding('utf8').on('data', (text: string) => {
        reached.push(
          ...text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Reached),
        );
        arrived();
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const heard = (many: number) =>
    new Promise<void>((resolve) => {
      arrived = () => reached.length >= many && resolve();
    });

  it('is nothing where nobody asked for it, and nowhere but at a socket', () => {
    expect(killPoint).toBeUndefined();
    expect(harnessLine(undefined)).toBeUndefined();
    expect(harnessLine('')).toBeUndefined();
    expect(harnessLine(join(directory, 'nobody'))).toBeUndefined();
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(harnessLine(file)).toBeUndefined();
  });

  it('says where it is and what about, and waits until it may go on', async () => {
    const hold = harnessLine(path)!;
    const two = heard(2);
    const order: string[] = [];
    const first = hold('append.acked', 'one').then(() => order.push('first'));
    const second = hold('kick.due').then(() => order.push('second'));
    await two;
    const { pid, ppid: parentPid } = process;
    expect(reached).toEqual([
      { id: 1, point: 'append.acked', about: 'one', pid, parentPid },
      { id: 2, point: 'kick.due', about: '', pid, parentPid },
    ]);
    sockets[0]!.write('2\n');
    await second;
    expect(order).toEqual(['second']);
    sockets[0]!.write('1\n');
    await first;
    expect(order).toEqual(['second', 'first']);
  });

  it('holds nobody when the harness is gone, nor from then on', async () => {
    const hold = harnessLine(path)!;
    const one = heard(1);
    const waiting = hold('append.decided');
    await one;
    sockets[0]!.destroy();
    await waiting;
    await hold('append.decided');
    expect(reached).toHaveLength(1);
  });

  it('is declared with what has and has not happened there', () => {
    for (const sentence of Object.values(killPoints)) expect(sentence.length).toBeGreaterThan(30);
  });
});
