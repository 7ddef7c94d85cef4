import type { Decider, EventStore } from '@caravan/event-store';
import type { Event, StreamName } from '@caravan/events';

/** The state of a stream as of its last acknowledged commit, for a look at another aggregate. Never to decide on: that races. */
export async function readState<State, Command, E extends Event>(
  store: EventStore,
  decider: Decider<State, Command, E>,
  stream: StreamName,
): Promise<State> {
  const { events } = await store.read(stream);
  return (events as readonly unknown[] as readonly E[]).reduce(
    (state, event) => decider.evolve(state, event),
    decider.initial(),
  );
}
