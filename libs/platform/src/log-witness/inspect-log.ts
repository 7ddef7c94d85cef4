import { setTimeout as sleep } from 'node:timers/promises';
import { commitHash } from '@caravan/event-store';
import type { Divergence } from '@caravan/event-store';
import { entryAt, viewLog } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** An entry that was there. */
export interface Seen {
  readonly sequence: number;
  readonly commitHash: string;
}

/** How often in a row the log must be gone or short before that counts: a cluster that has just changed its leader may be behind. */
const LOOKS = 3;
const BETWEEN_MS = 250;

/**
 * A look at both ends of the log, in two or three round trips however long it is: whether it goes as far as was seen, holds there
 * what was seen, and can be read at its end. A server that lost a part of its files says nothing of it and goes on.
 * @throws LogError `log.unavailable`, `log.forbidden`, `log.refused`; what the signal aborts with
 */
export async function inspectLog(
  nc: NatsConnection,
  seen: Seen | undefined,
  signal: AbortSignal,
): Promise<Divergence | undefined> {
  for (let looks = 1; ; looks++) {
    const divergence = await lookOnce(nc, seen);
    const mayPass = divergence?.kind === 'missing' || divergence?.kind === 'went-back';
    if (!mayPass || looks === LOOKS) return divergence;
    await sleep(BETWEEN_MS, undefined, { signal });
  }
}

/** An entry that a reader knows and does not find any more. */
export interface Lost {
  readonly sequence: number;
  readonly stream: string;
}

/** Whether it is really lost. @throws LogError as `inspectLog` */
export async function lossOf(nc: NatsConnection, { sequence, stream }: Lost): Promise<Divergence | undefined> {
  const end = (await viewLog(nc))?.end ?? 0;
  if (end < sequence) return { kind: 'went-back', sequence, end };
  const entry = await entryAt(nc, sequence);
  if (!entry) return { kind: 'incomplete', sequence, found: null };
  return entry.stream === stream ? undefined : { kind: 'replaced', sequence };
}

async function lookOnce(nc: NatsConnection, seen: Seen | undefined): Promise<Divergence | undefined> {
  const sequence = seen?.sequence ?? 0;
  const view = await viewLog(nc);
  if (!view) return seen && { kind: 'missing', sequence };
  const { first, end, hole } = view;
  if (end < sequence) return { kind: 'went-back', sequence, end };
  if (end > 0 && first !== 1) return { kind: 'incomplete', sequence: 1, found: first === 0 ? null : first };
  if (hole !== null) return { kind: 'incomplete', sequence: hole, found: null };
  if (seen) {
    const entry = await entryAt(nc, sequence);
    if (!entry) return { kind: 'incomplete', sequence, found: null };
    if (commitHash(entry.bytes) !== seen.commitHash) return { kind: 'replaced', sequence };
  }
  if (end > sequence && !(await entryAt(nc, end))) return { kind: 'incomplete', sequence: end, found: null };
  return undefined;
}
