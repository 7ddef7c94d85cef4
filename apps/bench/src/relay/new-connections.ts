import { ask, dial } from '@caravan/testing/data-plane';
import { crowd, percentile } from '../stage/crowd.js';
import { startCpuMeter } from '../stage/cpu.js';
import type { Way } from './way.js';

const AT_ONCE = 16;

export interface NewConnections {
  readonly perSecond: number;
  readonly cpuMsEach: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Connections that are opened, ask one small thing, are answered and ended, some at a time. */
export async function openConnections({ ports, pids }: Way, count: number): Promise<NewConnections> {
  const read = startCpuMeter(pids);
  const { seconds, latenciesMs } = await crowd(count, () => askOnce(ports.echo), AT_ONCE);
  const cpuSeconds = Object.values(read()).reduce((sum, each) => sum + each, 0);
  return {
    perSecond: count / seconds,
    cpuMsEach: (cpuSeconds * 1000) / count,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

/** On a connection of its own. */
export async function askOnce(port: number): Promise<void> {
  const socket = await dial(port);
  try {
    await ask(socket, 'small');
  } finally {
    socket.end();
    socket.resume().once('end', () => socket.destroy());
  }
}
