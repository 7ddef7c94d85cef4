import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Closing, cut, serve } from '../data-plane/sockets.js';
import { eventually } from '../eventually.js';
import { LiveStream, Requests, serveEcho } from './traffic.js';

const closing = new Closing();
afterEach(() => closing.all());

/** An echo server that does something else with its nth piece. */
async function bending(nth: number, bend: (piece: Buffer, socket: Socket) => Buffer): Promise<number> {
  const server = await serve((socket) => {
    let count = 0;
    socket.on('data', (data: Buffer) => socket.write(++count === nth ? bend(data, socket) : data));
    socket.on('end', () => socket.end());
  });
  closing.add(server.close);
  return server.port;
}

describe('a live stream', () => {
  it('brings back every byte', async () => {
    const server = await serveEcho();
    closing.add(server.close);
    const stream = await LiveStream.open(server.port);
    await stream.flows();
    expect(await stream.finish()).toBeGreaterThanOrEqual(8_192);
  });

  it.each<[string, (piece: Buffer) => Buffer, RegExp]>([
    ['is missing', (piece) => piece.subarray(1), /differs from byte/],
    [
      'is another',
      (piece) => Buffer.concat([piece.subarray(0, 9), Buffer.of(piece[9]! ^ 1), piece.subarray(10)]),
      /differs/,
    ],
    ['is too many', (piece) => Buffer.concat([piece, Buffer.of(0)]), /differs from byte/],
  ])('notices that a byte %s', async (_, bend, problem) => {
    const stream = await LiveStream.open(await bending(3, bend));
    for (let i = 0; i < 3; i++) await stream.flows();
    await expect(stream.finish()).rejects.toThrow(problem);
  });

  it('notices that the last bytes are missing', async () => {
    let taken = false;
    const stream = await LiveStream.open(await bending(3, () => ((taken = true), Buffer.alloc(0))));
    await eventually('some are taken out', () => taken);
    await expect(stream.finish()).rejects.toThrow(/differs|brought back/);
  });

  it('says when it was cut', async () => {
    const stream = await LiveStream.open(await bending(3, (piece, socket) => (cut(socket), piece)));
    expect(await stream.ended()).toBe('reset');
  });
});

describe('requests that go on', () => {
  it('find the longest time without an answer', async () => {
    let isMute = false;
    const server = await serve((socket) => socket.on('data', (data) => isMute || socket.write(data)));
    closing.add(server.close);
    const requests = new Requests(server.port, 10);
    closing.add(() => requests.stop());
    const start = performance.now();
    await requests.answered(10);
    isMute = true;
    const muteSince = performance.now();
    // An answer may be on its way still.
    await eventually('no answer for a while', () => requests.gapSince(muteSince) > 450);
    isMute = false;
    await requests.answered(3);
    expect(requests.gapSince(start)).toBeGreaterThan(450);
    expect(requests.gapSince(performance.now() - 10)).toBeLessThan(requests.gapSince(start)); // it is over
    expect(requests.problemsSince(start)).toEqual([]);
  });

  it('tell what was not answered', async () => {
    const server = await serve((socket) => cut(socket));
    closing.add(server.close);
    const requests = new Requests(server.port, 10);
    closing.add(() => requests.stop());
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await eventually('a problem', () => requests.problemsSince(start).length > 0);
    expect(requests.gapSince(start)).toBeGreaterThanOrEqual(90);
    expect(requests.perSecond(start)).toMatch(/^0 \(-[1-9]/);
  });
});
