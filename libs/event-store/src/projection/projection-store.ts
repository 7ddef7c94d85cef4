import { remedyOfPoison } from '../rejection.js';
import type { RowBatch } from './fold-rows.js';

/**
 * What it is that a consumer cannot pass. `garbled`: a commit that cannot be read; `newer`: one that a later version may have
 * written; `unfit`: one that is read well, and that this program cannot deal with; `log`: the log itself.
 */
export type HaltKind = 'garbled' | 'newer' | 'unfit' | 'log';

/** Why a consumer stopped. Nothing behind `position` has an effect until that is repaired. */
export interface Halt {
  readonly kind: HaltKind;
  /** The commit that it cannot pass, or the position that it had reached. */
  readonly position: number;
  /** The stream of that commit; null when the trouble is the log itself. */
  readonly stream: string | null;
  readonly reason: string;
}

/** What somebody can do about it, in words. */
export function remedyOf({ kind, position }: Halt): string {
  switch (kind) {
    case 'garbled':
      return remedyOfPoison(position);
    case 'newer':
      return remedyOfPoison(position, true);
    case 'unfit':
      return 'a fault of this program: run a version that can deal with it, which goes on by itself';
    case 'log':
      return 'restore the log that was there, from a replica or a backup, and restart';
  }
}

/** How far the rows are: they are what the log says up to and including this position. */
export interface Checkpoint {
  readonly position: number;
  /** SHA-256 (hex) over the commit at that position: whether the log is still the one that was read. */
  readonly commitHash: string | null;
}

/** What an operator asks of a projection, whichever process owns it. */
export type ProjectionRequest = 'rebuild' | 'resume';

export interface ProjectionState extends Checkpoint {
  readonly halt: Halt | null;
  /** Asked for and not done yet. */
  readonly request: ProjectionRequest | null;
  /** How often it was rebuilt. */
  readonly rebuilds: number;
}

/** Where the rows of one group of projections lie, with their one checkpoint. */
export interface ProjectionStore {
  /** As it is stored, whoever owns it. */
  state(): Promise<ProjectionState>;
  request(request: ProjectionRequest): Promise<void>;
  /** Makes this process the owner, unless another one is. */
  own(): Promise<ProjectionSession | undefined>;
}

/** A batch of commits that ends at `to`, as changes to tables. */
export interface ProjectionBatch {
  readonly tables: readonly RowBatch[];
  readonly to: Checkpoint;
}

/** What only the owner may do. Ownership and writes share one connection, so an owner that lost one has lost the other. */
export interface ProjectionSession {
  /** Aborts when the ownership is lost. */
  readonly lost: AbortSignal;
  checkpoint(): Promise<Checkpoint>;
  /**
   * Rows and checkpoint, all or nothing.
   * @throws UnfitRowError when the database refuses a row for what is in it.
   */
  write(batch: ProjectionBatch): Promise<void>;
  /** Empties the tables and fills them anew; readers see the old rows until all of it is there. */
  rebuild(fill: (write: (batch: ProjectionBatch) => Promise<void>) => Promise<void>): Promise<void>;
  /** Remembers why it stopped, for all to see, and which request has failed with it: one that came meanwhile is still to be tried. */
  halt(halt: Halt, failed?: ProjectionRequest): Promise<void>;
  /** It tries (again), as may have been requested. */
  resume(): Promise<void>;
  release(): Promise<void>;
}

/** A row that its table does not take: a value that does not fit, a constraint, a missing column. Trying again does not help. */
export class UnfitRowError extends Error {
  override readonly name = 'UnfitRowError';
}
