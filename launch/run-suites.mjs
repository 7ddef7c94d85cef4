import { outcome } from './check.mjs';
import { seconds } from './progress.mjs';

async function runSuite({ name, budget, run }, root, clock) {
  const start = clock();
  let result;
  try {
    result = await run(root);
  } catch (error) {
    result = outcome({ failures: [`could not be run: ${error.message}`] });
  }
  const ms = clock() - start;
  const late = ms > budget * 1000 ? [`took ${seconds(ms)}, and its budget is ${budget} s`] : [];
  return { name, budget, ms, ...result, failures: [...result.failures, ...late] };
}

const table = (results) =>
  results.map(({ name, ms, budget, passed, failures, skips }) => {
    const counts = `${passed} passed, ${failures.length} failed, ${skips.length} skipped`;
    return `${failures.length > 0 ? '✗' : '✓'} ${name.padEnd(12)} ${seconds(ms).padStart(7)} of ${String(budget).padStart(3)} s  ${counts}`;
  });

/** What runs at the same time: suites that follow each other and have a lane, each lane in order; any other runs alone. */
function groupsOf(suites) {
  const groups = [];
  let lanes;
  for (const suite of suites) {
    const { lane } = suite;
    if (lane === undefined) {
      groups.push([[suite]]);
      lanes = undefined;
      continue;
    }
    if (!lanes) groups.push((lanes = []));
    const own = lanes.find(([first]) => first.lane === lane);
    if (own) own.push(suite);
    else lanes.push([suite]);
  }
  return groups;
}

/**
 * Runs suites one after the other, lanes of them at once, and prints what they found: failures and skips by name, a line for each suite with its time
 * and budget, and at the very end `N passed, N failed, N skipped`. Returns the exit code.
 */
export async function runSuites(suites, root, print, clock = () => performance.now()) {
  const found = new Map();
  const runLane = async (lane) => {
    for (const suite of lane) {
      print(`== ${suite.name} (budget ${suite.budget} s)`);
      found.set(suite, await runSuite(suite, root, clock));
    }
  };
  for (const lanes of groupsOf(suites)) await Promise.all(lanes.map(runLane));
  const results = suites.map((suite) => found.get(suite));
  const named = (kind) => results.flatMap((result) => result[kind].map((line) => `${result.name}: ${line}`));
  print('');
  for (const line of named('skips')) print(`skipped  ${line}`);
  for (const line of named('failures')) print(`FAILED   ${line}`);
  table(results).forEach(print);
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const failed = sum(({ failures }) => failures.length);
  print(`${sum(({ passed }) => passed)} passed, ${failed} failed, ${sum(({ skips }) => skips.length)} skipped`);
  return failed === 0 ? 0 : 1;
}
