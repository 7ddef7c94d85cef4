import { readFileSync } from 'node:fs';
import { descendantsOf } from '@caravan/testing/installation';

/** USER_HZ: the unit of /proc/<pid>/stat on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds, user and system, of a process with all its threads since it began (proc(5)); with those of children it waited for.
 * Undefined: it has ended.
 */
function cpuSecondsOf(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold anything; fields 14 to 17 of the page are behind the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) / TICKS_PER_SECOND;
}

/** Of a child that has ended, its parent has the time; of the process itself nobody, and what was measured would be too little. */
function ofTree(name: string, pid: number): number {
  const own = cpuSecondsOf(pid);
  if (own === undefined) throw new Error(`${name} (process ${pid}) ended while it was measured`);
  return descendantsOf(pid).reduce((sum, child) => sum + (cpuSecondsOf(child) ?? 0), own);
}

/**
 * What each of these processes (with all below it) works from now on, in CPU seconds, to 10 ms. Unlike time on the clock it does
 * not depend on who else uses the machine, but for caches. Throws when one of them ends meanwhile.
 */
export function startCpuMeter<Name extends string>(pids: Readonly<Record<Name, number>>): () => Record<Name, number> {
  const names = Object.keys(pids) as Name[];
  const read = (): Record<Name, number> =>
    Object.fromEntries(names.map((name) => [name, ofTree(name, pids[name])])) as Record<Name, number>;
  const before = read();
  return () => {
    const now = read();
    return Object.fromEntries(names.map((name) => [name, now[name] - before[name]])) as Record<Name, number>;
  };
}
