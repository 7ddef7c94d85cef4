import type { Msg } from '@nats-io/nats-core';
import type { LogEntry } from '../witness/index.js';
import { LOG_STREAM } from './log-setup.js';

/** What a codec makes events of, and a hash is taken over. */
export type RawCommit = LogEntry;

export interface Delivery extends RawCommit {
  /** Counts the consumer's messages from 1: a gap is a message lost on the way. */
  readonly delivery: number;
}

const PLAIN = `$JS.ACK.${LOG_STREAM}.`;

/**
 * Reads where a delivered message stands from its reply subject: `$JS.ACK.<stream>.<consumer>.<delivered>.<stream
 * sequence>.<consumer sequence>.<time>.<pending>`, or the same with domain and account before the stream, and more behind.
 */
export function deliveryOf({ reply, subject, data }: Msg): Delivery | undefined {
  if (!reply?.startsWith('$JS.ACK.')) return undefined;
  const [position, delivery] = reply.startsWith(PLAIN) ? fromBehind(reply) : fromTokens(reply);
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(delivery)) return undefined;
  return { stream: subject, position, delivery, bytes: data };
}

/** Without splitting: it is done for each message of the log. */
function fromBehind(reply: string): [number, number] {
  const time = reply.lastIndexOf('.', reply.lastIndexOf('.') - 1);
  const delivery = reply.lastIndexOf('.', time - 1);
  const position = reply.lastIndexOf('.', delivery - 1);
  return [Number(reply.slice(position + 1, delivery)), Number(reply.slice(delivery + 1, time))];
}

function fromTokens(reply: string): [number, number] {
  const tokens = reply.split('.');
  return [Number(tokens[7]), Number(tokens[8])];
}
