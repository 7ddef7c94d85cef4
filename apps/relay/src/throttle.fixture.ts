import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Closing } from '@caravan/testing/data-plane';

/** What it may catch up when its own process was late. */
const BURST_MS = 100;
const HELD = 64 * 1024;

/** A link of so many bytes per second each way, with little room of its own: a TCP proxy in front of `port`. */
export async function throttled(port: number, bytesPerSecond: number, closing: Closing): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    pour(near, far, bytesPerSecond);
    pour(far, near, bytesPerSecond);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
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
  from.on('close', () => to.destroy());
}
