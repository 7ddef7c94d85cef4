import { commitSchema, eventsOf, streamName } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { eventRegistry, handleCommand, InMemoryEventStore, Rejection } from './index.js';
import type { CommandMetadata, Decider, DeclaredEvent, EventStore } from './index.js';

const category = { context: 'topology', aggregate: 'counter' } as const;
export const Counted = eventsOf(category)({ type: 'Counted', schema: commitSchema.shape.causationId });
export const counterEvents = [Counted] as const satisfies readonly DeclaredEvent[];
type Counter = Map<string, number>;
interface Count {
  readonly key: string;
  readonly limit?: number;
  readonly metadata: CommandMetadata;
}

/** How many events were evolved so far. */
export const evolved = { events: 0 };
const counter: Decider<Counter, Count, EventOf<typeof Counted>> = {
  initial: () => new Map(),
  decide({ key, limit = Infinity }, counts) {
    if (key === 'nothing') return [];
    if (counts.size >= limit && !counts.has(key)) throw new Rejection('counter.full', { limit });
    return [Counted(key)];
  },
  evolve(counts, { data }) {
    evolved.events++;
    if (data === 'bomb') throw new Error('bomb');
    return counts.set(data, (counts.get(data) ?? 0) + 1);
  },
};

export const registry = eventRegistry(counterEvents);
export const stream = streamName(category, 'c1');
let ids = 0;
export const count = (key: string, { commandId = `id-${++ids}`, actor = 'a', limit = Infinity } = {}): Count => ({
  key,
  limit,
  metadata: {
    commandId,
    now: new Date(0),
    actor: { kind: 'user', id: actor },
    via: 'api',
    source: 'spec',
    correlationId: 'c',
    causationId: 'c',
    ownerGroup: null,
  },
});

export const handlerOf = (store: EventStore, more: { attempts?: number; opens?: () => boolean } = {}) =>
  handleCommand({ store, decider: counter, stream: () => stream, ...more });
export const inMemory = (duplicateWindow = true) => new InMemoryEventStore({ registry, duplicateWindow });
