import { Rejection } from '@caravan/event-store';

/** How far the projections are. */
export interface Progress {
  position(): number;
  /** Whether everything up to `position` is in the rows within `timeoutMs`. Rejects when they halted. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
}
export const PROGRESS = Symbol('progress of the projections');

const PATIENCE_MS = 5_000;

/**
 * Lets a read see at least `position`.
 * @throws Rejection `projection.behind` when that takes longer than five seconds or the projections halted: what was written is
 * safe and will show.
 */
export async function seen(progress: Progress, position: number): Promise<void> {
  if (progress.position() >= position) return;
  const trouble = await progress.waitFor(position, PATIENCE_MS).then(
    (reached) => (reached ? undefined : 'they are behind'),
    (halted: Error) => halted.message,
  );
  if (trouble === undefined) return;
  const at = progress.position();
  const detail = `The lists are at position ${at} and not yet at ${position} (${trouble}). What was written is safe.`;
  throw new Rejection('projection.behind', { detail, position, at });
}
