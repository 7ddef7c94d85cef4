import { once } from 'node:events';
import type { ClientHttp2Session, Http2Session, ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { connect, createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { World } from '@caravan/testing/data-plane';
import { tell } from '../chain.fixture.js';
import { productionSizes, productionTiming } from '../limits.js';
import { narrowPipe } from '../narrow-pipe.fixture.js';
import { Pulse } from './pulse.js';
import { WindowRoom } from './window-room.js';
import { startSession } from './session.js';
import { StallRelief } from './stall.js';
import { Wire } from './wire.js';

const KiB = 1024;
const STREAMS = 20;
const TURNS = 25;
const BLOCK = Buffer.alloc(65_536);
const { chain, key } = new World().accessPoint('p');

describe('Bulk both ways between kernels with little room', () => {
  const ends: { destroy(): unknown }[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end.destroy();
  });

  /** Two sessions that send all they may, over so much room each way. */
  async function blasting(room: number, connectionWindow: number) {
    const sizes = { ...productionSizes, connectionWindow };
    const [near, far] = narrowPipe(room);
    const heard = { bytes: 0 };
    const server = createServer({ cert: chain, key, ALPNProtocols: ['h2'] });
    const arriving = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    server.emit('connection', far);
    const calling = connect({ socket: near, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const [[answering]] = await Promise.all([arriving, once(calling, 'secureConnect')]);
    const sockets = [calling, answering];
    const sessions = [
      startSession(calling, 'calls', 100, sizes),
      startSession(answering, 'answers', 100, sizes),
    ] as const;
    for (const end of [...sessions, ...sockets]) ends.push(end.on('error', () => undefined));
    (sessions[1] as ServerHttp2Session).on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      blast(stream, heard);
    });
    await eventually('they are connected', () => !(sessions[0] as ClientHttp2Session).connecting);
    for (let i = 0; i < STREAMS; i++) {
      blast((sessions[0] as ClientHttp2Session).request({ ':method': 'CONNECT', ':authority': 'x' }), heard);
    }
    return { heard, sockets, sessions: sessions as readonly Http2Session[] };
  }

  function blast(stream: Duplex, heard: { bytes: number }): void {
    const write = (): void => {
      while (stream.write(BLOCK));
    };
    stream.on('data', (data: Buffer) => (heard.bytes += data.length));
    stream.on('drain', write).on('error', () => undefined);
    write();
  }

  /** Bytes that were heard in each of some stretches of time. A machine that stands still takes one turn of a stretch, not all of it. */
  async function stretches(heard: { bytes: number }, count: number, ms: number): Promise<number[]> {
    const all: number[] = [];
    for (let i = 0; i < count; i++) {
      const before = heard.bytes;
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setTimeout(resolve, ms / TURNS));
      all.push(heard.bytes - before);
    }
    return all;
  }

  function relieve(sockets: readonly TLSSocket[]): void {
    for (const socket of sockets) {
      const relief = new StallRelief(new Wire(socket));
      const glancing = setInterval(() => relief.glance(), 100);
      ends.push({ destroy: () => (clearInterval(glancing), relief.stop()) });
    }
  }

  it.each([16, 64, 192])('never stalls, with %i KiB of room and the window of a line', async (room) => {
    const { heard, sockets } = await blasting(room * KiB, productionSizes.connectionWindow);
    relieve(sockets);
    await eventually('it has begun', () => heard.bytes > 0);
    const moved = await stretches(heard, 6, 500);
    tell(
      `two-way bulk over ${room} KiB of room: ${moved.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')} MB each half second`,
    );
    expect(Math.min(...moved)).toBeGreaterThan(100_000);
  });

  it.each([
    ['the window of a line and little room', 64 * KiB, productionSizes.connectionWindow],
    ['a window of 64 MiB and the room of a real kernel', 512 * KiB, 64 * KiB * KiB],
  ])('stalls for good without relief: with %s', async (_, room, window) => {
    const { heard } = await blasting(room, window);
    await eventually('it has begun', () => heard.bytes > 0);
    await eventually('it stalls', async () => (await stretches(heard, 1, 1_000))[0] === 0);
    expect(await stretches(heard, 2, 500)).toEqual([0, 0]);
  });

  it('is given up in time where relief cannot help: with a window of 64 MiB', async () => {
    const { sockets, sessions } = await blasting(16 * KiB, 64 * KiB * KiB);
    const tickMs = 100;
    const timing = { ...productionTiming, liveness: { ...productionTiming.liveness, tickMs } };
    const lost: string[] = [];
    sessions.forEach((session, index) => {
      const beats = {
        streams: () => STREAMS,
        suspect: () => undefined,
        tick: () => undefined,
        lost: (why: string) => void lost.push(why),
      };
      const deps = { timing, sizes: productionSizes, room: new WindowRoom(() => true) };
      const pulse = new Pulse(session, sockets[index]!, deps, beats);
      ends.push({ destroy: () => pulse.stop() });
    });
    await eventually('it is given up', () => lost.length > 0, { withinMs: 10_000 });
    expect(lost[0]).toBe('silent');
  });
});
