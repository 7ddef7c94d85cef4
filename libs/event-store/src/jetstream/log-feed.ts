import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { commitHash } from '../commit-bytes.js';
import { LogError } from '../rejection.js';
import { abortable } from './abortable.js';
import { Arrivals } from './arrivals.js';
import { isMissingStream, isPassing, logFailure } from './failures.js';
import { extentOf } from './log-end.js';
import { openOrderedDelivery } from './ordered-delivery.js';
import type { RawCommit } from './raw-commit.js';
import { messageOf } from './message-of.js';

export interface LogFeedOptions {
  readonly nc: NatsConnection;
  /** The position behind which it begins. */
  readonly after: number;
  /** SHA-256 (hex) over the commit there: another one there now means another log. */
  readonly commitHash?: string | null;
  /** At most so many commits at once. Default 1,000. */
  readonly most?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of what passes: an outage, a reconnection. It goes on by itself. */
  readonly problem?: (error: Error) => void;
}

/**
 * The whole log in its order, commit by commit without a gap and without a double, for ever: whatever has arrived at once, and
 * then as it is appended. It outlives disconnections and restarts of the server. Not asking for more holds the server back.
 * @throws LogError `log.went-back`, `log.incomplete`, `log.diverged` when the log has lost what it had; `log.forbidden`, `log.refused`.
 */
export async function* feedLog(options: LogFeedOptions): AsyncGenerator<readonly RawCommit[], void, undefined> {
  const { nc, most = 1_000, signal, problem } = options;
  const manager = await jetstreamManager(nc, { checkAPI: false });
  let last: { readonly position: number; readonly bytes?: Uint8Array } = { position: options.after };
  for (let failures = 0; !signal.aborted && !nc.isClosed();) {
    const { position } = last;
    let end: (() => void) | undefined;
    try {
      const { last: known, hole } = await abortable(extentOf(manager, position), signal);
      const arrivals = new Arrivals(position + 1, hole);
      const expected = last.bytes ? commitHash(last.bytes) : options.commitHash;
      await abortable(checkSameLog(manager, position, expected), signal);
      const opening = openOrderedDelivery(nc, manager, { from: position + 1, ...arrivals.receiver });
      end = await abortable(opening, signal).catch((error: unknown) => {
        opening.then((close) => close()).catch(() => undefined); // should it open all the same
        throw error;
      });
      for (;;) {
        const batch = await arrivals.take(most, known, signal);
        if (batch.length === 0) break;
        last = batch.at(-1)!;
        failures = 0;
        yield batch;
      }
      if (!signal.aborted) problem?.(new LogError('log.unavailable', `reading the log broke off: ${arrivals.broken}`));
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error) && !isMissingStream(error)) throw logFailure(error, 'read the log');
      problem?.(logFailure(error, 'read the log'));
    } finally {
      end?.();
    }
    await sleep(Math.min(2_000, 50 * 2 ** failures++), undefined, { signal }).catch(() => undefined);
  }
}

/** A backup that was restored and written on since may end further on than what was read, and say something else. */
async function checkSameLog(manager: JetStreamManager, position: number, expected?: string | null): Promise<void> {
  if (position === 0 || !expected) return;
  const message = await messageOf(manager, { seq: position });
  if (message && commitHash(message.data) === expected) return;
  const what = `the commit at position ${position} is not the one that was read before: the log was replaced`;
  throw new LogError('log.diverged', `${what}. Restore the right log, or rebuild what was made from it`, { position });
}
