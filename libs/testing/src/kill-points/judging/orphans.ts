import { readdirSync, readFileSync } from 'node:fs';
import { commandLine, descendantsOf } from '../../installation/processes.js';

/** Processes that were started for this harness, by the variable that they inherited, and belong to nobody any more. */
export function orphansOf(socketPath: string): string[] {
  const ours = new Set(descendantsOf(process.pid));
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && !ours.has(pid) && pid !== process.pid && isOfHarness(pid, socketPath))
    .map((pid) => `process ${pid} has no parent any more: ${commandLine(pid)}`);
}

function isOfHarness(pid: number, socketPath: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`CARAVAN_KILL_POINTS=${socketPath}`);
  } catch {
    return false; // it has ended, or is another user's
  }
}
