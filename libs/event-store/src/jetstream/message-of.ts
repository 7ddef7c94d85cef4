import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { isMissingMessage } from './failures.js';
import { LOG_STREAM } from './log-setup.js';

/**
 * A message of the log by its place. From the stream's leader, not by a direct get: a follower may lag, and to decide on what
 * it says would refuse a command wrongly.
 */
export async function messageOf(
  manager: JetStreamManager,
  query: { seq: number } | { last_by_subj: string } | { next_by_subj: string; seq: number },
): Promise<StoredMsg | undefined> {
  try {
    return (await manager.streams.getMessage(LOG_STREAM, query)) ?? undefined;
  } catch (error) {
    if (isMissingMessage(error)) return undefined;
    throw error;
  }
}
