import type { RecordedEvent } from '@caravan/event-store';

/** Of the store, for a kill while a commit was on its way to it: whether the log had it by then. */
export type Side = 'before the append' | 'in the millisecond of the append' | 'after the append';

/**
 * The entry in the log of what was on its way. `about`: as the point says it, the types of the events and their stream.
 * `after`: where the log ended while it was held. Undefined when there is none; the judge says whether there must be.
 */
export function entryOf(log: readonly RecordedEvent[], about: string, after: number): number | undefined {
  const words = about.split(' ');
  const [type, stream] = [words[0], words.at(-1)];
  const isIt = (event: RecordedEvent): boolean =>
    event.position > after && event.stream === stream && event.type === type && event.index === 0;
  return log.find(isIt)?.position;
}

/** By the clock of this machine, on which the server that stores and who kills are both. Milliseconds since 1970. */
export function sideOf(storedAt: number, killedAt: number): Side {
  const lead = Math.floor(killedAt) - Math.floor(storedAt);
  if (lead === 0) return 'in the millisecond of the append';
  return lead > 0 ? 'after the append' : 'before the append';
}
