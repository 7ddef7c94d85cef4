import { chainAfter, chainText, commitHash, describeDivergence, EMPTY_LOG } from '@caravan/event-store';
import type { Divergence, LogCheckpoint, LogEntry } from '@caravan/event-store';
import { Fold } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { divergenceIn } from '../log-verification.js';

/** The hash of an empty log's last entry. */
export const EMPTY = 'empty';

/** The log as it is, and how far it is what was witnessed. */
export interface Survey {
  readonly end: number;
  /** Of the entry there; "empty" where there is none. */
  readonly commitHash: string;
  readonly chain: string;
  /** The last checkpoint before the first that does not fit. */
  readonly sameUpTo: number;
  readonly divergence: Divergence | undefined;
}

/**
 * Reads the whole log and holds all of it against the checkpoints, also behind the first that does not fit.
 * @throws Error in an operator's words when something in the log cannot be read, whatever it is
 */
export async function surveyLog(nc: NatsConnection, checkpoints: readonly LogCheckpoint[]): Promise<Survey> {
  const witnessed = new Map(checkpoints.map(({ sequence, chain }) => [sequence, chain]));
  let chain = EMPTY_LOG;
  let last: LogEntry | undefined;
  let sameUpTo = 0;
  let divergence: Divergence | undefined;
  const fold = new Fold<null, LogEntry>({
    nc,
    name: 'survey of the log',
    initial: null,
    decode: (entry) => [entry],
    evolve: (_, entry) => {
      chain = chainAfter(chain, entry);
      last = entry;
      const expected = divergence ? undefined : witnessed.get(entry.position);
      if (expected === chainText(chain)) sameUpTo = entry.position;
      else if (expected) divergence = { kind: 'altered', sequence: entry.position, after: sameUpTo };
      return null;
    },
  }).start();
  try {
    await fold.caughtUp;
  } catch (error) {
    const found = divergenceIn(error);
    if (!found) throw error;
    throw new Error(`${describeDivergence(found)}. A log with holes is of use to nobody: restore a whole one`, {
      cause: error,
    });
  } finally {
    await fold.stop();
  }
  const end = fold.position;
  const beyond = checkpoints.find(({ sequence }) => sequence > end);
  if (beyond) divergence ??= { kind: 'went-back', sequence: checkpoints.at(-1)!.sequence, end };
  return { end, commitHash: last ? commitHash(last.bytes) : EMPTY, chain: chainText(chain), sameUpTo, divergence };
}
