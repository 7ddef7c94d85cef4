import { runProgram } from './run-program.mjs';

/** What a suite found. `failures` and `skips` are lines to print. */
export function outcome({ passed = 0, failures = [], skips = [] }) {
  return { passed, failures, skips };
}

/** A suite that is one program: it passes or it fails. `how`: as of `runProgram`. */
export const check = (command, how) => async (root) => {
  const [program, ...args] = command;
  const { code } = await runProgram(program, args, { cwd: root, show: true, ...how });
  return code === 0 ? outcome({ passed: 1 }) : outcome({ failures: [`ended with code ${code}`] });
};
