import fc from 'fast-check';
import { InMemoryEventStore } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import type { Faults } from './processes.fixture.js';
import { play, rounds } from './run.fixture.js';
import { Statistics } from './statistics.fixture.js';

export interface Trial {
  /** So many commands, or a few more. */
  readonly commands: number;
  /** A fresh log for each life of an installation. */
  readonly newLog?: (duplicateWindow: boolean) => EventStore | Promise<EventStore>;
  readonly faults?: Faults;
  /** The longest life, in rounds of requests. */
  readonly rounds?: number;
}

const LIVES_AT_ONCE = 20;
const FILE = 'apps/management-controller/src/model/model.spec.ts';

const inMemory = (duplicateWindow: boolean): EventStore => new InMemoryEventStore({ duplicateWindow });

/** What was tried, and where deciders and model disagreed, if they did: with the way to see it again. */
export interface Tried {
  readonly statistics: Statistics;
  readonly disagreement: string | undefined;
}

/**
 * Lets installations live random lives until there were so many commands. `MODEL_SEED` and `MODEL_PATH`, as a disagreement names
 * them, repeat one life, and look for a shorter one that disagrees too.
 */
export async function tryOut({ commands, newLog = inMemory, faults = {}, rounds: most = 160 }: Trial): Promise<Tried> {
  const { MODEL_SEED: seed, MODEL_PATH: path } = process.env;
  const statistics = new Statistics();
  const lives = fc.asyncProperty(rounds(most), fc.boolean(), async (played, duplicateWindow) =>
    play(await newLog(duplicateWindow), played, statistics, faults),
  );
  while (statistics.commands < commands) {
    const details = await fc.check(lives, {
      numRuns: LIVES_AT_ONCE,
      endOnFailure: seed === undefined,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    });
    if (details.failed) return { statistics, disagreement: inWords(details, statistics) };
    if (seed !== undefined) break;
  }
  return { statistics, disagreement: undefined };
}

function inWords(
  {
    seed,
    counterexamplePath,
    errorInstance,
  }: Pick<fc.RunDetails<never>, 'seed' | 'counterexamplePath' | 'errorInstance'>,
  statistics: Statistics,
): string {
  const again = `MODEL_SEED=${seed} MODEL_PATH=${counterexamplePath} npm run vitest -- --project unit ${FILE}`;
  const what = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  return `after ${statistics.commands} commands; to see it again, and shorter:\n${again}\n\n${what}`;
}
