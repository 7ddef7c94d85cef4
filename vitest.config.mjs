import { defineConfig } from 'vitest/config';
import LongestFirst from './launch/longest-first.mjs';

/** Tests run from source: no build is needed, so a stale dist can never make a test pass. */
const resolve = { conditions: ['@caravan/source', 'node'] };

const NEVER = ['**/node_modules/**', '**/dist/**', '**/bundle/**', '**/.caravan/**'];

/** A suite by what it needs. */
const suite = (name, include, more = {}) => ({
  ssr: { resolve },
  // As tsc does it (tsconfig.base.json); Nest's injection stands on the metadata.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { name, include, exclude: NEVER, pool: 'forks', ...more },
});

/**
 * For the suites that start servers or processes: a busy machine is no failure. Longer than `eventually` waits, so that what did not come is
 * named. What they start is what is written: it is built first.
 */
const patient = (name, include, more = {}) =>
  suite(name, include, {
    testTimeout: 90_000,
    hookTimeout: 90_000,
    globalSetup: 'launch/vitest-set-up.mjs',
    ...more,
  });

const KINDS = ['**/*.{int,e2e,load,long}.spec.ts'];
/** Files of one process see the same modules: loading Nest and TypeORM for each would take longer than most tests. */
const TOGETHER = { isolate: false };

// Suites by what they need: nothing; one real server; a whole installation; a whole installation that is maltreated; a machine to
// themselves; and hours (`npm run test:long`).
export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      suite('unit', ['{apps,libs}/*/src/**/*.spec.ts', 'test/architecture/**/*.spec.ts'], {
        ...TOGETHER,
        exclude: [...NEVER, ...KINDS],
      }),
      patient('integration', ['{apps,libs}/*/src/**/*.int.spec.ts'], TOGETHER),
      patient('e2e', ['{apps/*/src,test/e2e}/**/*.e2e.spec.ts']),
      patient('faults', ['test/faults/**/*.fault.spec.ts']),
      patient('load', ['{apps,libs}/*/src/**/*.load.spec.ts']),
      patient('long', ['{apps,libs,test}/**/*.long.spec.ts']),
    ],
  },
});
