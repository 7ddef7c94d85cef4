import type { Msg } from '@nats-io/nats-core';

/** One message of the log as it lies there: what a codec makes events of, and a hash is taken over. */
export interface RawCommit {
  readonly stream: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

export interface Delivery extends RawCommit {
  /** Counts the consumer's messages from 1: a gap is a message lost on the way. */
  readonly delivery: number;
}

/** Reads where a delivered message stands from its reply subject: `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.…`. */
export function deliveryOf(message: Msg): Delivery | undefined {
  const tokens = message.reply?.split('.');
  if (!tokens || tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  const first = tokens.length === 9 ? 5 : 7; // stream sequence, then consumer sequence
  const position = Number(tokens[first]);
  const delivery = Number(tokens[first + 1]);
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(delivery)) return undefined;
  return { stream: message.subject, position, delivery, bytes: message.data };
}
