import { join } from 'node:path';
import { LoggedChild } from '../processes/index.js';
import type { ProcessGroup } from '../processes/index.js';
import type { StateDirectory } from '../state-directory.js';

/** Runs a program to its end, or to that of the group; gives what it printed. Throws with its last log lines when it fails. */
export async function run(
  { state, group }: { readonly state: StateDirectory; readonly group: ProcessGroup },
  name: string,
  command: string,
  { args, env }: { args: readonly string[]; env: NodeJS.ProcessEnv },
): Promise<{ output: string }> {
  const child = await LoggedChild.start({ name, command, args, env, logFile: join(state.logs, `${name}.log`) });
  const member = { name, stop: (killAfterMs?: number) => child.stop(killAfterMs) };
  group.adopt(member);
  const { code } = await child.exited;
  await group.remove(member);
  if (code !== 0) throw child.failure(`failed with exit code ${code}`);
  return { output: child.output() };
}
