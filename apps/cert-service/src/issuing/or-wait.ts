import { NotYet } from '@caravan/event-store';
import { Awaiting } from '../authorities/awaiting.js';
import type { Waiting } from './waiting.js';

/** Does the work, or tells the log to come again when what it needs is there: for ever, and no failure. */
export async function orWait<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Awaiting)) throw error;
    throw new NotYet(error.message, waiting.met(error.what));
  }
}
