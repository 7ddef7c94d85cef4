import { TSC } from './build.mjs';
import { checkBoundaries } from './boundaries.mjs';
import { vitestSuite } from './vitest-suite.mjs';
import { nodeSuite } from './node-suite.mjs';
import { check } from './check.mjs';

const bin = (name) => [process.execPath, `node_modules/.bin/${name}`];

/** What only reads the code uses one processor each. */
const reading = { beside: 'others that read the code' };

/**
 * What `npm test` runs, in this order; those that follow each other and are `beside` the same run at the same time. A suite that takes
 * longer than its budget (in seconds) has failed: some two or three times what it takes where nobody else uses the machine. Vitest takes two
 * files at a time, since tests of whole installations wait a good part of the time, and four of those that have one server each (two: 44 %
 * of two processors); only `load` has the machine to itself.
 */
export const SUITES = [
  { name: 'lint', budget: 300, ...reading, run: checkBoundaries([...bin('eslint'), '.']) },
  { name: 'format', budget: 120, ...reading, run: check([...bin('prettier'), '--check', '.']) },
  { name: 'types', budget: 240, ...reading, run: check([process.execPath, TSC, '-p', 'tsconfig.spec.json']) },
  { name: 'launch', budget: 60, ...reading, run: nodeSuite('launch') },
  { name: 'unit', budget: 300, run: vitestSuite('unit') },
  { name: 'integration', budget: 600, run: vitestSuite('integration', '--maxWorkers', '4') },
  { name: 'e2e', budget: 1200, run: vitestSuite('e2e') },
  { name: 'faults', budget: 720, run: vitestSuite('faults') },
  { name: 'load', budget: 420, run: vitestSuite('load', '--maxWorkers', '1') },
];

/**
 * What `npm run test:long` runs: what takes longer than anybody waits for. Its last result is in docs/reliability.md. Two files at a
 * time here too: the hour of everyday life waits most of the time, and an installation that is served beside others is judged harder.
 */
export const LONG_SUITES = [{ name: 'long', budget: 3 * 3600, run: vitestSuite('long') }];
