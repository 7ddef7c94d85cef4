import { Session } from 'node:inspector';
import { execArgv, memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { Idleness, shareOf } from './idleness.js';
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
 * A process that was started with a large budget before anything is compiled (supervisor.ts) keeps it while nothing is to do: the
 * compiler alone is 4 MB of pages. Whatever keeps it busy for a second deserves V8's own: measured, a relay works 1.5 times as
 * long for each new connection as long as it has the large one.
 */
const STARTED_AFTER_MS = 3_000;
const BUSY_SHARE = 0.3;
const V8_BUDGET = '--interrupt-budget=135168';

function compileOnceBusy(): void {
  let before = usage();
  const looking = setInterval(() => {
    const now = usage();
    if (shareOf(before, now) > BUSY_SHARE) {
      setFlagsFromString(V8_BUDGET);
      clearInterval(looking);
    }
    before = now;
  }, 1_000).unref();
}

if (execArgv.some((flag) => flag.startsWith('--interrupt-budget='))) {
  setTimeout(compileOnceBusy, STARTED_AFTER_MS).unref();
}
