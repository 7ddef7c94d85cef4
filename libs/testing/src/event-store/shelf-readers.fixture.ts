import type { NatsConnection } from '@nats-io/nats-core';
import type pg from 'pg';
import { eventRegistry, handleCommand, InMemoryQuarantine, reactTo } from '@caravan/event-store';
import type { DeclaredEvent } from '@caravan/event-store';
import { Fold, JetStreamEventStore, ProjectionRunner, ReactionConsumer } from '@caravan/event-store/jetstream';
import { PostgresProjectionStore } from '@caravan/event-store/postgres';
import { shelf, ShelfCleared, shelfProjection, ShelfStocked, shelfStream } from './shelf.js';
import type { Shelf, ShelfEvent } from './shelf.js';

const NAME = 'shelves';
const projections = [shelfProjection];

/** Everything that reads the log, as a program that knows these events has it; started. */
export function shelfReaders(nc: NatsConnection, pool: pg.Pool, events: readonly DeclaredEvent[]) {
  const registry = eventRegistry(events);
  const store = new JetStreamEventStore(nc, { registry });
  const handle = handleCommand({ store, decider: shelf, stream: ({ shelfId }) => shelfStream(shelfId) });
  const runner = new ProjectionRunner({
    nc,
    name: NAME,
    projections,
    store: new PostgresProjectionStore({ pool, name: NAME, projections }),
    registry,
    lookMs: 50,
  });
  const fold = new Fold<Map<string, Shelf>>({
    nc,
    name: NAME,
    registry,
    initial: new Map(),
    evolve: (shelves, event) =>
      shelves.set(
        event.stream,
        shelf.evolve(shelves.get(event.stream) ?? new Map<string, number>(), event as unknown as ShelfEvent),
      ),
  });
  const reacted: unknown[] = [];
  const quarantine = new InMemoryQuarantine();
  const reaction = new ReactionConsumer({
    nc,
    durable: 'spec-shelves',
    registry,
    quarantine,
    handlers: [
      reactTo(ShelfStocked, async ({ data, position, index }) => void reacted.push({ position, index, ...data })),
      reactTo(ShelfCleared, async ({ position }) => void reacted.push({ position, cleared: true })),
    ],
  });
  for (const each of [runner, fold, reaction]) {
    each.start();
  }
  const stops = [runner, fold, reaction].map((each) => () => each.stop());
  return { store, handle, runner, fold, reaction, reacted, quarantine, stops };
}
