import { harnessLine } from './harness-line.js';

/**
 * Holds this process at a named point until the harness of the fault suites lets it go on, or kills it:
 *
 *     if (killPoint) await killPoint('append.acked', stream);
 *
 * Undefined, so that the line above is a test of a constant and nothing else, unless this process was started with
 * `CARAVAN_KILL_POINTS` naming a Unix socket on which a harness listened by then. Nothing can switch it on later.
 */
export const killPoint = harnessLine(process.env['CARAVAN_KILL_POINTS']);
