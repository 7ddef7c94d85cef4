import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { outcome } from './check.mjs';
import { runProgram } from './run-program.mjs';

/** Reads the TAP that Node's test runner prints; only tests themselves are counted, not the files and groups around them. */
export function readTap(code, tap) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const reports = [...tap.matchAll(/^\s*not ok \d+ - (.*)(\n\s*---\n[^]*?\n\s*\.\.\.$)?/gm)];
  // A group fails with its tests: only these are failures of their own.
  const failures = reports.filter(([, , details = '']) => !details.includes('subtestsFailed')).map(([, name]) => name);
  const skips = [...tap.matchAll(/^\s*ok \d+ - (.*) # (?:SKIP|TODO).*$/gm)].map((match) => match[1]);
  if (code !== 0 && failures.length === 0) failures.push(`node --test ended with code ${code}`);
  if (count('tests') === 0 && failures.length === 0) failures.push('there is no test in this suite');
  return outcome({ passed: count('pass'), failures, skips });
}

/** The tests of what installs, builds and runs the others: Node's own runner, on `<folder>/*.test.mjs`. */
export const nodeSuite = (folder) => async (root) => {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.mjs'));
  const args = ['--test', '--test-reporter=tap', ...files.map((name) => join(folder, name))];
  const { code, output } = await runProgram(process.execPath, args, { cwd: root });
  const result = readTap(code, output);
  if (result.failures.length > 0) process.stderr.write(output);
  return result;
};
