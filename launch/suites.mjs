import { TSC } from './build.mjs';
import { checkBoundaries } from './boundaries.mjs';
import { vitestSuite } from './vitest-suite.mjs';
import { nodeSuite } from './node-suite.mjs';
import { check } from './check.mjs';

const bin = (name) => [process.execPath, `node_modules/.bin/${name}`];

/** What only reads the code takes what the others leave of the processors: they wait now and then, and nobody waits for it. */
const spare = { spare: true };

/**
 * What `npm test` runs: two lanes at once, each in this order, and then `load`, which has the machine to itself. A suite that takes
 * longer than its budget (in seconds) has failed: some two or three times what it takes where nobody else uses the machine, and of those that
 * take what is left, two times what that took. Vitest takes two files at a time, since tests of whole installations wait a good part of
 * the time, three of those that are maltreated (two: 75 % of two processors) and four of those that have one server each (two: 44 %).
 */
export const SUITES = [
  { name: 'launch', lane: 'reading', budget: 60, run: nodeSuite('launch') },
  { name: 'lint', lane: 'reading', budget: 900, run: checkBoundaries([...bin('eslint'), '.'], spare) },
  { name: 'format', lane: 'reading', budget: 240, run: check([...bin('prettier'), '--check', '.'], spare) },
  {
    name: 'types',
    lane: 'reading',
    budget: 240,
    run: check([process.execPath, TSC, '-p', 'tsconfig.spec.json'], spare),
  },
  { name: 'unit', lane: 'running', budget: 300, run: vitestSuite('unit') },
  { name: 'integration', lane: 'running', budget: 600, run: vitestSuite('integration', '--maxWorkers', '4') },
  { name: 'e2e', lane: 'running', budget: 1200, run: vitestSuite('e2e') },
  { name: 'faults', lane: 'running', budget: 720, run: vitestSuite('faults', '--maxWorkers', '3') },
  { name: 'load', budget: 420, run: vitestSuite('load', '--maxWorkers', '1') },
];

/**
 * What `npm run test:long` runs: what takes longer than anybody waits for. Its last result is in docs/reliability.md. Two files at a
 * time here too: the hour of everyday life waits most of the time, and an installation that is served beside others is judged harder.
 */
export const LONG_SUITES = [{ name: 'long', budget: 3 * 3600, run: vitestSuite('long') }];
