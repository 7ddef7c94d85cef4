import { setTimeout as pause } from 'node:timers/promises';
import { cut, dial, flood } from '@caravan/testing/data-plane';
import { percentile } from '../stage/crowd.js';
import { askOnce } from './new-connections.js';
import type { Ports } from './way.js';

const SETTLE_MS = 2_000;

export interface BehindBulk {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly MBPerSecond: number;
}

/**
 * Small requests, one at a time, each on a connection of its own, while so many uploads have the link to themselves otherwise.
 * `moved`: bytes that have come out at the other end.
 */
export async function askBehindBulk(
  ports: Ports,
  uploads: number,
  ms: number,
  moved: () => number,
): Promise<BehindBulk> {
  const sockets = await Promise.all(Array.from({ length: uploads }, () => dial(ports.sink)));
  try {
    for (const socket of sockets) flood(socket);
    await pause(SETTLE_MS);
    const [began, before] = [performance.now(), moved()];
    const took: number[] = [];
    while (performance.now() - began < ms) {
      const asked = performance.now();
      await askOnce(ports.echo);
      took.push(performance.now() - asked);
    }
    const seconds = (performance.now() - began) / 1000;
    const MBPerSecond = (moved() - before) / 1e6 / seconds;
    return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99), MBPerSecond };
  } finally {
    // Reset, not ended: what the kernels hold would keep the link busy for long.
    for (const socket of sockets) cut(socket);
  }
}
