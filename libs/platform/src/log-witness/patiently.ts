import { setTimeout as sleep } from 'node:timers/promises';
import { LogError } from '@caravan/event-store';

const RETRY_MS = 250;

export interface Patience {
  readonly signal: AbortSignal;
  /** Told why it must wait, in words, and with undefined that it waits no more. */
  readonly waiting: (says: string | undefined) => void;
}

/**
 * Does it, again and again while the log or the database is away.
 * @throws LogError other than `log.unavailable`; what the signal aborts with
 */
export async function patiently<T>(work: () => Promise<T>, { signal, waiting }: Patience): Promise<T> {
  for (;;) {
    try {
      const done = await work();
      waiting(undefined);
      return done;
    } catch (error) {
      signal.throwIfAborted();
      waiting((error as Error).message);
      if (error instanceof LogError && error.code !== 'log.unavailable') throw error;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
