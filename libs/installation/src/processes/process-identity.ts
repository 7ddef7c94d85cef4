import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever terms this system has; the same for as long as it runs. */
  readonly began: string;
}

function beganByProc(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold spaces and brackets
  if (fields[0] === 'Z') throw new Error('it has ended');
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`; // proc(5): starttime
}

/** Who runs under this number now; undefined when nobody does. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const began =
      process.platform === 'linux'
        ? beganByProc(pid)
        : execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return { pid, began };
  } catch {
    return undefined; // no such process
  }
}

/** Whether that very process still runs. */
export const isRunning = ({ pid, began }: ProcessIdentity): boolean => identify(pid)?.began === began;
