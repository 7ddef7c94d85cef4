import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SiteDirectoryError } from './site-directory-error.js';

/** Tells a process from a later one with the same number. Undefined: there is none. */
function identityOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return `${pid} ${execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold spaces and brackets
    if (fields[0] === 'Z') return undefined;
    return `${pid} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`; // proc(5): starttime
  } catch {
    return undefined;
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The process that a lock names, while it runs. Anything else is a lock that a kill left. */
function holderOf(content: string): number | undefined {
  const pid = Number(content.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && identityOf(pid) === content ? pid : undefined;
}

/** Only the one whose rename moved that very lock has removed it; a fresher one is put back. */
function removeStale(file: string, content: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if (readFileSync(aside, 'utf8') !== content) linkSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Takes the lock, or names the process that has it. */
function tryLock(file: string, own: string): number | undefined {
  const prepared = `${file}.${process.pid}`;
  try {
    writeFileSync(prepared, own, { mode: 0o600 }); // in here: without room for it, nothing is left either
    for (;;) {
      try {
        linkSync(prepared, file); // whole or not at all, and never over another
        return undefined;
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
      const content = readIfThere(file);
      const holder = content === undefined ? undefined : holderOf(content);
      if (holder !== undefined) return holder;
      if (content !== undefined) removeStale(file, content);
    }
  } finally {
    rmSync(prepared, { force: true });
  }
}

/**
 * One process per lock file. A lock whose process has ended is taken over. Resolves with the way to let go.
 *
 * @param waitMs how long to wait for a holder that is ending
 * @throws SiteDirectoryError `site-directory.in-use`, naming the holder
 */
export async function lock(file: string, waitMs = 0): Promise<() => void> {
  const own = identityOf(process.pid) ?? `${process.pid}`;
  const until = performance.now() + waitMs;
  for (;;) {
    const holder = tryLock(file, own);
    if (holder === undefined) {
      return () => {
        if (readIfThere(file) === own) rmSync(file, { force: true });
      };
    }
    if (performance.now() >= until) {
      // Most often another start of the same site that is just getting on: stopping it is no first advice.
      const remedy =
        `Wait for it if it is just being started or joining; caravan site status --dir ${dirname(file)} says how it is, and ` +
        'caravan site stop ends it. Another site needs another --dir.';
      throw new SiteDirectoryError('site-directory.in-use', `Process ${holder} runs this site (${file}). ${remedy}`);
    }
    await pause(50);
  }
}
