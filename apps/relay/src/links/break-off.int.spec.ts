import { once } from 'node:events';
import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import { connect, constants, performServerHandshake } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Closing, serve } from '@caravan/testing/data-plane';
import { breakOff } from './break-off.js';

const closing = new Closing();
afterEach(() => closing.all());

/** One stream, at both of its ends. */
async function stream(): Promise<{ near: ServerHttp2Stream; far: ClientHttp2Stream; pinged: () => Promise<unknown> }> {
  const server = await serve();
  closing.add(server.close);
  const socket = connectTcp(server.port, '127.0.0.1');
  const answering = performServerHandshake(await server.next());
  const calling = connect('http://x', { createConnection: (): Socket => socket });
  closing.add(() => calling.destroy());
  const asked = once(answering, 'stream') as Promise<[ServerHttp2Stream]>;
  const far = calling.request({ ':method': 'CONNECT', ':authority': 'x' }, { endStream: false });
  const [near] = await asked;
  for (const end of [near, far]) end.on('error', () => undefined);
  near.respond({ ':status': 200 });
  await once(far, 'response');
  const pinged = (): Promise<unknown> => new Promise((resolve) => answering.ping(resolve));
  return { near, far, pinged };
}

const closed = (stream: ClientHttp2Stream): Promise<void> =>
  new Promise((resolve) => stream.once('close', () => resolve()));

describe('a stream that is broken off', () => {
  it('is a reset to the other end', async () => {
    const { near, far } = await stream();
    breakOff(near);
    await closed(far);
    expect(far.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });

  it('while Node closes it is one too, and not gone for Node alone', async () => {
    const { near, far } = await stream();
    near.once('aborted', () => breakOff(near));
    near.close(constants.NGHTTP2_CANCEL);
    await closed(far);
    expect(far.rstCode).toBe(constants.NGHTTP2_CANCEL);
    expect(near.destroyed).toBe(true);
  });

  it('would be gone for Node alone if it were destroyed there, which is why', async () => {
    const { near, far, pinged } = await stream();
    near.once('aborted', () => void near.destroy(new Error('reset')));
    near.close(constants.NGHTTP2_CANCEL);
    await pinged();
    expect([near.destroyed, far.closed]).toEqual([true, false]);
  });

  /** How many of forty stay open at the end that answers and is writing when the other ends them. */
  async function staying(end: (far: ClientHttp2Stream) => void): Promise<number> {
    const ends = await Promise.all(Array.from({ length: 40 }, stream));
    for (const { near, far } of ends) {
      const writing = setInterval(() => near.writable && near.write('x'), 1);
      closing.add(() => clearInterval(writing));
      far.resume();
    }
    for (const { far } of ends) {
      await pause(1);
      end(far);
    }
    await Promise.all(ends.map(({ pinged }) => pinged()));
    await pause(500);
    return ends.filter(({ near }) => !near.destroyed).length;
  }

  it('does not stay at an end that is writing', async () => {
    expect(await staying((far) => breakOff(far))).toBe(0);
  });

  it('would stay there if it were destroyed without an error, which is why', async () => {
    expect(await staying((far) => void far.destroy())).toBeGreaterThan(0);
  });
});
