import type { Socket } from 'node:net';
import { dial } from '@caravan/testing/data-plane';
import { startCpuMeter } from '../stage/cpu.js';
import type { Way } from './way.js';

const GB = 1e9;
const BLOCK = Buffer.alloc(65_536);

export interface Bulk {
  readonly cpuSecondsPerGB: number;
  readonly MBPerSecond: number;
}

/** What the processes of a way work for so many bytes from here to the sink, over several connections at once. */
export async function carryBulk(way: Way, bytes: number, streams: number): Promise<Bulk> {
  const read = startCpuMeter(way.pids);
  const start = performance.now();
  await Promise.all(Array.from({ length: streams }, () => carry(way.ports.sink, bytes / streams)));
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = Object.values(read()).reduce((sum, each) => sum + each, 0);
  return { cpuSecondsPerGB: cpuSeconds / (bytes / GB), MBPerSecond: bytes / 1e6 / seconds };
}

/** So many bytes on a connection of their own to a sink. */
export async function carry(port: number, bytes: number): Promise<void> {
  const socket = await dial(port);
  try {
    await pour(socket, bytes);
  } finally {
    socket.destroy();
  }
}

/** Resolves when the sink has had all of it: it ends its side then. */
function pour(socket: Socket, bytes: number): Promise<void> {
  let left = bytes;
  const write = (): void => {
    while (left > 0) {
      const piece = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= piece.length;
      if (!socket.write(piece) && left > 0) return void socket.once('drain', write);
    }
    socket.end();
  };
  return new Promise((resolve, reject) => {
    socket.resume().once('end', resolve);
    const broke = (): void =>
      reject(new Error(`a bulk connection broke off, with ${left} bytes of ${bytes} not yet sent`));
    socket.once('close', broke);
    write();
  });
}
