import { basename } from 'node:path';
import { BaseSequencer } from 'vitest/node';

/**
 * Seconds, measured beside others, of the files that take much longer than others of their suite. Who measures a second or two (07, 08)
 * comes before 02, where fifty sites join at once: beside that a machine of two cores stands still for as long.
 */
export const SECONDS = {
  '01-kills.fault.spec.ts': 226,
  '10-renewal.e2e.spec.ts': 163,
  '05-dependencies-away.fault.spec.ts': 152,
  '02-the-log.fault.spec.ts': 149,
  '15-supplied-by-operators.e2e.spec.ts': 148,
  '09-rotation.e2e.spec.ts': 145,
  'benchmarks.e2e.spec.ts': 123,
  '11-revocation.e2e.spec.ts': 121,
  '06-kills-in-rotations.fault.spec.ts': 120,
  '01-story.e2e.spec.ts': 114,
  '07-without-the-management-plane.e2e.spec.ts': 87,
  'relay.contract.int.spec.ts': 73,
  '08-paths-that-fail.e2e.spec.ts': 72,
  '14-tls-with-applications.e2e.spec.ts': 63,
  'fuzzing.int.spec.ts': 55,
  'model.spec.ts': 51,
  'finding.int.spec.ts': 50,
  '16-the-api-over-tls.e2e.spec.ts': 45,
  '17-another-window.e2e.spec.ts': 40,
};

const secondsOf = ({ moduleId }) => SECONDS[basename(moduleId)] ?? 0;

/** Pure; others stay in their order. */
export const longestFirst = (tests) => tests.toSorted((one, other) => secondsOf(other) - secondsOf(one));

/**
 * A few files run at a time, so that a long one that begins last runs alone. Vitest learns how long each takes; in a fresh checkout it
 * goes by their sizes, and the longest are short to read.
 */
export default class LongestFirst extends BaseSequencer {
  async sort(files) {
    return longestFirst(await super.sort(files));
  }
}
