import { outcome } from './check.mjs';
import { lastLines, runProgram } from './run-program.mjs';

// The rule that keeps code in its room needs Nx's project graph, and without one it lets everything pass, with a warning.
const SKIPPED_RULE = /No cached ProjectGraph is available/;

/** Judges what eslint said: a pass in which a rule was left out is none. */
export function judge(code, output) {
  const failures = [];
  if (code !== 0) failures.push(`eslint ended with code ${code}`);
  if (SKIPPED_RULE.test(output)) failures.push('the module boundaries were not checked: Nx had no project graph');
  return failures.length === 0 ? outcome({ passed: 1 }) : outcome({ failures });
}

/** Lints with the project graph made first. */
export const checkBoundaries = (command, how) => async (root) => {
  const env = { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
  const nx = await runProgram(process.execPath, ['node_modules/.bin/nx', 'show', 'projects'], {
    cwd: root,
    env,
    ...how,
  });
  if (nx.code !== 0) return outcome({ failures: [`Nx cannot make its project graph:\n${lastLines(nx.output)}`] });
  const [program, ...args] = command;
  const { code, output } = await runProgram(program, args, { cwd: root, env, show: true, ...how });
  return judge(code, output);
};
