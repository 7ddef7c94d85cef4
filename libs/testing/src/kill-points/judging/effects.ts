import type { RecordedEvent } from '@caravan/event-store';

/** What the log must say about one thing: so many events of each type, and none of any other. */
export interface Effect {
  /** In words, for complaints: `the invitation`. */
  readonly of: string;
  /** Every event that names it belongs to it. */
  readonly id: string;
  readonly events: Readonly<Record<string, number>>;
}

/** An answer that said yes. */
export interface Acknowledged {
  readonly what: string;
  /** Where it took effect, as it said. */
  readonly position: number;
  /** The type of what must be there. */
  readonly type: string;
}

/** Where the log says more or less about something than happened, in words. */
export function wrongEffects(log: readonly RecordedEvent[], effects: readonly Effect[]): string[] {
  return effects.flatMap(({ of, id, events }) => {
    const found = countsOf(log.filter((event) => JSON.stringify(event.data).includes(id)));
    const types = [...new Set([...Object.keys(events), ...Object.keys(found)])].sort();
    return types
      .filter((type) => (found[type] ?? 0) !== (events[type] ?? 0))
      .map((type) => `${of} (${id}) has ${found[type] ?? 0} ${type}, not ${events[type] ?? 0}`);
  });
}

/** What was acknowledged and is not in the log, in words. */
export const lost = (log: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): string[] =>
  acknowledged
    .filter(({ position, type }) => !log.some((event) => event.position === position && event.type === type))
    .map(({ what, position, type }) => `${what} was answered with position ${position}, where there is no ${type}`);

const countsOf = (events: readonly RecordedEvent[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};
