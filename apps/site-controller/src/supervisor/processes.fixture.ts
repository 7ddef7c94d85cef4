import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { descendantsOf, programOf } from '@caravan/testing/installation';

const room = join(import.meta.dirname, '../..');

export interface RunningSupervisor {
  readonly process: ChildProcess;
  /** What it has said. */
  output(): string;
  /** And all that it said has come: 'exit' may be there before that. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** The main process of that app below this supervisor. */
  child(app: 'relay' | 'site-controller'): number | undefined;
}

export function startSupervisor(
  dir: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  /** Where what it says goes instead. */
  file?: string,
): RunningSupervisor {
  const says = file === undefined ? 'pipe' : openSync(file, 'a');
  const child = spawn(process.execPath, [join(room, 'bundle/supervisor.js'), '--dir', dir, ...args], {
    stdio: ['pipe', 'pipe', says],
    env: { ...process.env, CARAVAN_PARENT: 'stdin', ...env },
  });
  if (typeof says === 'number') closeSync(says);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    process: child,
    output: () => output,
    exited,
    child: (app) => descendantsOf(child.pid ?? -1).find((pid) => programOf(pid) === `${app}/main`),
  };
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

export async function goneWithin(pids: readonly number[], ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (pids.some(isAlive) && performance.now() < until) await pause(20);
  return !pids.some(isAlive);
}
