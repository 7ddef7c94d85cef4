import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { LogError } from '../rejection.js';
import { incomplete } from './arrivals.js';
import { LOG_STREAM } from './log-setup.js';

/**
 * Asks for the position of the log's last commit, as often as it is called.
 * @throws LogError when the log no longer has what comes behind `after`.
 */
export function logEndOf(nc: NatsConnection): (after?: number) => Promise<number> {
  let manager: Promise<JetStreamManager> | undefined;
  return async (after = 0) =>
    (await extentOf(await (manager ??= jetstreamManager(nc, { checkAPI: false })), after)).last;
}

/** What lies behind a position. A log that was cut off may end with positions that its server only knows to be empty. */
export async function extentOf(
  manager: JetStreamManager,
  after: number,
): Promise<{ last: number; hole: number | undefined }> {
  const { first_seq: first, last_seq: last, num_deleted: empty } = (await manager.streams.info(LOG_STREAM)).state;
  if (last < after) {
    const message = `the log ends at ${last}, but ${after} was read before: it was restored or made anew`;
    throw new LogError('log.went-back', `${message}. Restore a log that has it all`, { last, after });
  }
  if (first > after + 1 && last > after) throw incomplete(after + 1, first);
  if (!empty) return { last, hole: undefined };
  const { deleted = [] } = (await manager.streams.info(LOG_STREAM, { deleted_details: true })).state;
  return { last, hole: deleted.filter((position) => position > after).sort((a, b) => a - b)[0] };
}
