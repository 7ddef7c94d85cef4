import { setImmediate as nextTurn } from 'node:timers/promises';
import { commitHash } from '../commit-bytes.js';
import type { EventRegistry } from '../event-registry.js';
import type { PassedOver } from '../passing-over.js';
import { RowBatch } from '../projection/index.js';
import type { Halt, Projection, ProjectionBatch } from '../projection/index.js';
import { commitDecoder, haltAt } from './commit-decoder.js';
import type { RawCommit } from './raw-commit.js';

/** Commits made ready to be written: all before the first that cannot be read, if there is one. */
export interface Prepared {
  readonly batch: ProjectionBatch | undefined;
  readonly commits: readonly RawCommit[];
  readonly halt: Halt | undefined;
}

/** Makes changes to tables of commits. `reached` is the position before them. */
export type Prepare = (commits: readonly RawCommit[], reached: number) => Prepared;

export function projectionBatches(
  registry: EventRegistry,
  projections: readonly Projection[],
  passedOver: PassedOver,
): Prepare {
  const handling = projectionsByType(projections);
  const types = [...handling.keys()].map((type) => ({ type }));
  const decode = commitDecoder(registry, types, passedOver);
  const prepare: Prepare = (commits, reached) => {
    const tables = projections.map((projection) => new RowBatch(projection));
    for (const [index, commit] of commits.entries()) {
      try {
        for (const event of decode(commit)) for (const n of handling.get(event.type)!) tables[n]!.add(event);
      } catch (error) {
        // Some of the commit's changes are in the tables already: made again without it.
        return { ...prepare(commits.slice(0, index), reached), halt: haltAt(commit, reached, error) };
      }
    }
    const last = commits.at(-1);
    if (!last) return { batch: undefined, commits, halt: undefined };
    const to = { position: last.position, commitHash: commitHash(last.bytes) };
    return { batch: { tables, to }, commits, halt: undefined };
  };
  return prepare;
}

/** Which of them handle an event type, by their places. */
function projectionsByType(projections: readonly Projection[]): ReadonlyMap<string, readonly number[]> {
  const handling = new Map<string, number[]>();
  for (const [n, { handlers }] of projections.entries()) {
    for (const type of handlers.keys()) handling.set(type, [...(handling.get(type) ?? []), n]);
  }
  return handling;
}

/** A projection cannot go on. */
export class Halting extends Error {
  constructor(readonly halt: Halt) {
    super(halt.reason);
  }
}

/**
 * Writes batch after batch; while the database works on one, the next is made ready.
 * @throws Halting behind the last commit that could be written; whatever `write` throws.
 */
export async function writeBatches(
  batches: AsyncIterable<readonly RawCommit[]>,
  prepare: Prepare,
  write: (prepared: Prepared) => Promise<void>,
  /** Called when a write fails while the next batch is awaited, to end `batches`. */
  broke: () => void,
): Promise<void> {
  let writing = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  let reached = 0;
  for await (const commits of batches) {
    // Else a long log that has arrived already keeps everybody waiting: the database's answers, and whoever asks this process.
    await nextTurn();
    const prepared = prepare(commits, reached);
    reached = commits.at(-1)!.position;
    await writing;
    if (failure) break;
    writing = write(prepared).catch((error: unknown) => {
      failure = { error };
      broke();
    });
    if (!prepared.halt) continue;
    await writing;
    if (!failure) throw new Halting(prepared.halt);
    break;
  }
  await writing;
  // Narrowed to never by the analysis, which does not see the assignment in the callback.
  const failed = failure as { readonly error: unknown } | undefined;
  if (failed) throw failed.error;
}
