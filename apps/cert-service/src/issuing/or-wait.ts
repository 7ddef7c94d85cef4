import { NotYet } from '@caravan/event-store';
import { Awaiting } from '../authorities/awaiting.js';
import type { Waiting } from './waiting.js';

/** Between two tries. A network's authorities follow within milliseconds of what asks for them; a root takes a person. */
const TRY_AGAIN_MS = 500;

/** Does the work, or tells the log to come again when what it needs is there: for ever, and no failure. */
export async function orWait<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Awaiting)) throw error;
    waiting.met(error.what);
    throw new NotYet(error.message, TRY_AGAIN_MS);
  }
}
