import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.js';

/** Stopped, or at its end (proc(5)). */
const STILL = new Set(['T', 'Z', 'X']);

/**
 * Stops processes in their tracks: they are there, and neither answer nor do anything until they are thawed. kill(2) has no more
 * than asked for that when it returns: a thread may run on for as long as the machine is busy. It is waited for until none does.
 * @throws Error when one has ended.
 */
export async function freeze(...pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await eventually(`${pids.join(' and ')} stand still`, () => pids.every(standsStill), { everyMs: 1 });
}

export function thaw(...pids: readonly number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

/** Does the work while these stand still; they go on whatever becomes of it. */
export async function whileFrozen<T>(pids: readonly number[], work: () => Promise<T>): Promise<T> {
  try {
    await freeze(...pids);
    return await work();
  } finally {
    thaw(...pids);
  }
}

const standsStill = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) => STILL.has(stateOf(pid, thread)));

function stateOf(pid: number, thread: string): string {
  try {
    // The name in parentheses may hold anything; what follows the last one is the state.
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return 'X'; // this thread has ended; a process that has is not listed at all
  }
}
