import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Closing } from './sockets.js';

/** What it may catch up when its own process was late. */
const BURST_MS = 100;
const HELD = 64 * 1024;

/** A link of so many bytes per second each way, with little room of its own: a TCP proxy in front of `port`. */
export const throttled = async (port: number, bytesPerSecond: number, closing: Closing): Promise<number> =>
  (await between(port, closing, (from, to) => pour(from, to, bytesPerSecond))).port;

export interface Freezable {
  readonly port: number;
  /** What is connected by now stays connected, and carries nothing any more: as when a machine or a network vanishes. */
  freeze(): void;
}

export async function freezable(port: number, closing: Closing): Promise<Freezable> {
  const { port: shown, sockets } = await between(port, closing, (from, to) => void from.pipe(to));
  return { port: shown, freeze: () => sockets.forEach((socket) => socket.unpipe().pause()) };
}

async function between(
  port: number,
  closing: Closing,
  join: (from: Socket, to: Socket) => void,
): Promise<{ port: number; sockets: ReadonlySet<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from.on('error', () => undefined).on('close', () => to.destroy()));
      join(from, to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

function pour(from: Socket, to: Socket, bytesPerSecond: number): void {
  let due = performance.now();
  from.on('data', (chunk: Buffer) => {
    to.write(chunk);
    const now = performance.now();
    due = Math.max(due, now - BURST_MS) + (chunk.length / bytesPerSecond) * 1000;
    if (due <= now + 2) return;
    from.pause();
    const goOn = (): void => void (to.writableLength > HELD ? setTimeout(goOn, 5) : from.resume());
    setTimeout(goOn, due - now);
  });
  from.on('end', () => to.end());
}
