import type { Event, StreamName } from '@caravan/events';
import type { Decider } from './decider.js';
import type { EventStore } from './event-store.js';
import type { CommandMetadata } from './metadata.js';
import type { RecordedEvent } from './recorded-event.js';
import type { CachedState, StateCache } from './state-cache.js';

/** What knowing a stream's state needs. */
export interface Knowing<State, C, E extends Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, C, E>;
  readonly cache: StateCache<State>;
  readonly opens?: (command: C) => boolean;
}

/** The state that the stream had when it was last looked at, unless the command was in it already; of a new stream, none at all. */
export function remembered<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  { cache, decider, opens }: Knowing<State, C, E>,
  stream: StreamName,
  command: C,
): CachedState<State> | undefined {
  const cached = cache.take(stream);
  if (!cached) return opens?.(command) === true ? fresh(decider) : undefined;
  cache.put(stream, cached);
  return cached.commands.has(command.metadata.commandId) ? undefined : cached;
}

const fresh = <State, C, E extends Event>(decider: Decider<State, C, E>): CachedState<State> => ({
  state: decider.initial(),
  revision: 0,
  lastCommitHash: null,
  commands: new Map<string, number>(),
});

/** The state at the stream's end: what the cache has, caught up from the tail. */
export async function load<State, C, E extends Event>(
  { store, decider, cache }: Knowing<State, C, E>,
  stream: StreamName,
): Promise<CachedState<State>> {
  const known = cache.take(stream);
  const cached = known ?? fresh(decider);
  const { events, revision, lastCommitHash } = await store.read(stream, { after: cached.revision }).catch((error) => {
    // Else a log that lost what is known here would be taken for the right one at the next command.
    if (known) cache.put(stream, known);
    throw error;
  });
  // A commit that is passed over has no events, and the next append goes behind it all the same.
  const caughtUp =
    revision === cached.revision
      ? cached
      : fold(decider, cached, events as readonly RecordedEvent<E>[], revision, lastCommitHash);
  cache.put(stream, caughtUp);
  return caughtUp;
}

/** Taken out while it is evolved: should `evolve` throw, the half-evolved state is not in the cache. */
export function evolved<State, C, E extends Event>(
  { decider, cache }: Knowing<State, C, E>,
  stream: StreamName,
  loaded: CachedState<State>,
  events: readonly RecordedEvent<E>[],
  revision: number,
  hash: string,
): CachedState<State> {
  cache.take(stream);
  return fold(decider, loaded, events, revision, hash);
}

function fold<State, C, E extends Event>(
  decider: Decider<State, C, E>,
  from: CachedState<State>,
  events: readonly RecordedEvent<E>[],
  revision: number,
  lastCommitHash: string | null,
): CachedState<State> {
  let state = from.state;
  for (const event of events) {
    state = decider.evolve(state, event);
    const { commandId } = event.metadata;
    if (!from.commands.has(commandId)) from.commands.set(commandId, event.position);
  }
  return { state, revision, lastCommitHash, commands: from.commands };
}
