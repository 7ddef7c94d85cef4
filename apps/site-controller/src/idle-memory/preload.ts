import { Session } from 'node:inspector';
import { execArgv, memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { Idleness } from './idleness.js';
import type { Usage } from './idleness.js';

/**
 * Loaded into the processes of a site before anything else (`--import`). A site has to fit where there is little memory, and V8
 * gives none back by itself to whom nothing is asked of: what starting needed it would keep for the rest of its life.
 */
const EVERY_MS = 10_000;

const idleness = new Idleness();
const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1_000, residentBytes: memoryUsage.rss() };
};

/** What Node has no other name for: V8 is told that memory is short (`Isolate::LowMemoryNotification`). */
function giveBack(): void {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage', () => {
    // Not from within: a session that is ended in its own answer hangs the process.
    setImmediate(() => {
      session.disconnect();
      idleness.gaveBack(usage());
    });
  });
}

setInterval(() => {
  if (idleness.isTimeToGiveBack(usage())) giveBack();
}, EVERY_MS).unref();

/**
 * A process that was started with a large budget before anything is compiled (supervisor.ts) has started by then. From now on
 * that of Node 20's V8 holds: measured, a relay works 1.5 times as long for each new connection as long as it has the large one.
 */
const STARTED_AFTER_MS = 2_000;
const V8_BUDGET = '--interrupt-budget=135168';

if (execArgv.some((flag) => flag.startsWith('--interrupt-budget='))) {
  setTimeout(() => setFlagsFromString(V8_BUDGET), STARTED_AFTER_MS).unref();
}
