import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { LogEntry } from '../witness/index.js';
import { isMissingStream, logFailure } from './failures.js';
import { LOG_STREAM } from './log-setup.js';
import { messageOf } from './message-of.js';

/** What the server says of the log without reading it. */
export interface LogView {
  /** The position of the first entry that it has; 0 while the log is empty. */
  readonly first: number;
  /** The position of the last entry that it ever had. */
  readonly end: number;
  /** The first position in between that it knows to be empty; null: it knows of none. */
  readonly hole: number | null;
}

/** Undefined: there is no log on this server. @throws LogError `log.unavailable`, `log.forbidden`, `log.refused`. */
export async function viewLog(nc: NatsConnection): Promise<LogView | undefined> {
  const { streams } = await jetstreamManager(nc, { checkAPI: false });
  try {
    const { first_seq, last_seq, messages, num_deleted } = (await streams.info(LOG_STREAM)).state;
    const deleted = num_deleted ? (await streams.info(LOG_STREAM, { deleted_details: true })).state.deleted : undefined;
    return { first: messages === 0 ? 0 : first_seq, end: last_seq, hole: deleted?.[0] ?? null };
  } catch (error) {
    if (isMissingStream(error)) return undefined;
    throw logFailure(error, 'look at the log');
  }
}

/** One entry, of any stream; undefined where there is none that can be read. @throws as `viewLog`. */
export async function entryAt(nc: NatsConnection, position: number): Promise<LogEntry | undefined> {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  try {
    const message = await messageOf(manager, { seq: position });
    return message && { position, stream: message.subject, bytes: message.data };
  } catch (error) {
    throw logFailure(error, `read position ${position} of the log`);
  }
}
