import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { outcome } from './check.mjs';
import { runProgram } from './run-program.mjs';

const MOST_LINES = 6;

/** Why a test failed, in some lines: who has only the end of the output needs it there. */
const reason = ({ failureMessages = [] }) => {
  const lines = stripVTControlCharacters(failureMessages.join('\n')).split('\n');
  const said = lines.filter((line) => line.trim() && !/^\s+at .*node_modules/.test(line)).slice(0, MOST_LINES);
  return said.map((line) => `\n           ${line.slice(0, 300)}`).join('');
};

/** Reads Vitest's own report: passes are counted, failures (with why) and skips named. A file that could not be run is a failure. */
export function readReport(report, root) {
  const named = ({ name }, { fullName }) => `${relative(root, name)}: ${fullName}`;
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ file, test })));
  const of = (...states) => tests.filter(({ test }) => states.includes(test.status));
  const unrun = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  return outcome({
    passed: of('passed').length,
    failures: [
      ...of('failed').map(({ file, test }) => named(file, test) + reason(test)),
      ...unrun.map(({ name, message }) => `${relative(root, name)} could not be run: ${message.trim().split('\n')[0]}`),
    ],
    skips: of('pending', 'skipped', 'todo', 'disabled').map(({ file, test }) => named(file, test)),
  });
}

/** Adds to what the report says what only the exit code tells: nothing passes in a run that failed for no reason given. */
export function judge(code, report, root) {
  if (!report) return outcome({ failures: [`Vitest ended with code ${code} and left no report`] });
  const { passed, failures, skips } = readReport(report, root);
  if (report.numTotalTests === 0 && failures.length === 0) failures.push('there is no test in this suite');
  if (code !== 0 && failures.length === 0) failures.push(`Vitest ended with code ${code}, though no test failed`);
  return outcome({ passed, failures, skips });
}

/** One project of vitest.config.mjs. */
export const vitestSuite =
  (project, ...more) =>
  async (root) => {
    const dir = mkdtempSync(join(tmpdir(), 'caravan-test-'));
    const file = join(dir, 'report.json');
    try {
      const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', file];
      const args = [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        project,
        '--update',
        'none',
        ...reporters,
        ...more,
      ];
      const { code } = await runProgram(process.execPath, args, { cwd: root, show: true });
      return judge(code, readJsonIfThere(file), root);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };

function readJsonIfThere(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
