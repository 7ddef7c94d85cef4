import { basename } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * Seconds, measured beside others, of the files that take much longer than others of their suite. Who measures a second or two (07, 08)
 * comes before 02, where fifty sites join at once: beside that a machine of two cores stands still for as long.
 */
export const SECONDS = {
  '01-kills.fault.spec.ts': 190,
  '05-dependencies-away.fault.spec.ts': 125,
  '02-the-log.fault.spec.ts': 120,
  '10-renewal.e2e.spec.ts': 115,
  '11-revocation.e2e.spec.ts': 105,
  '07-without-the-management-plane.e2e.spec.ts': 90,
  '09-rotation.e2e.spec.ts': 85,
  '08-paths-that-fail.e2e.spec.ts': 84,
  '01-story.e2e.spec.ts': 80,
  'benchmarks.e2e.spec.ts': 65,
  'relay.contract.int.spec.ts': 54,
  '15-supplied-by-operators.e2e.spec.ts': 50,
  '14-tls-with-applications.e2e.spec.ts': 42,
};

const secondsOf = ({ path }) => SECONDS[basename(path)] ?? 0;

/** Pure; others stay in their order. */
export const longestFirst = (tests) => tests.toSorted((one, other) => secondsOf(other) - secondsOf(one));

/**
 * Two files run at a time, so that a long one that begins last runs alone. Jest learns how long each takes; in a fresh checkout it
 * goes by their sizes, and the longest are short to read.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return longestFirst(super.sort(tests));
  }
}
