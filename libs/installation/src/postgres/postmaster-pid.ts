import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running process was started with; undefined when there is none with this id (or this system cannot tell). */
function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return undefined; // no such process, or no /proc
  }
}

/**
 * After `kill -9` or a power cut `postmaster.pid` stays behind, and once its number belongs to some other process PostgreSQL
 * refuses to start. Removes it when no server of this data directory runs under that number.
 */
export function removeStalePidFile(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file) || !existsSync('/proc/self/cmdline')) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!commandLine(pid)?.includes(dataDir)) rmSync(file, { force: true });
}
