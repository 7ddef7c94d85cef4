import type { Event, StreamName } from '@caravan/events';
import type { Decider } from './decider.js';
import type { EventStore } from './event-store.js';
import { commitMetadata } from './metadata.js';
import type { CommandMetadata } from './metadata.js';
import type { RecordedEvent } from './recorded-event.js';
import { LogError, Rejection } from './rejection.js';
import { stateCache } from './state-cache.js';
import type { CachedState, StateCache } from './state-cache.js';

/** The answer to a command that was not refused. */
export interface Handled<State, E extends Event = Event> {
  /** What it led to; empty when there was nothing to do. Of a resend: what it led to the first time. */
  readonly events: readonly RecordedEvent<E>[];
  /** The log position at which this can be read; of a command that led to nothing, the stream's last commit. */
  readonly position: number;
  /** The stream's revision after it: the same number, since a revision is a position. */
  readonly revision: number;
  /** The stream's state now. To be read before the next await: later commands evolve the same object. */
  readonly state: State;
  /** Whether it had been handled before. */
  readonly duplicate: boolean;
}

export interface HandleCommandOptions<State, C, E extends Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, C, E>;
  readonly stream: (command: C) => StreamName;
  /** Default: one of its own with 1,000 streams. Never shared by two deciders. */
  readonly cache?: StateCache<State>;
  /** How often it decides again after a conflict or an undecided append before it gives up (default 12). */
  readonly attempts?: number;
}

/**
 * Load, decide, append with compare-and-set; on a conflict load and decide again. A command whose id is already in the stream
 * gets its first answer and has no second effect.
 *
 * The returned function
 * @throws Rejection what the decider throws, and `command.id-reused` when the id belongs to somebody else's command.
 * @throws LogError `log.contended` or `log.unavailable` when all attempts failed (a client may resend the same command), and
 * what the store throws.
 * @throws PoisonError when the stream cannot be read.
 */
export function handleCommand<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  options: HandleCommandOptions<State, C, E>,
): (command: C) => Promise<Handled<State, E>> {
  const cache = options.cache ?? stateCache<State>();
  return (command) => {
    const stream = options.stream(command);
    return cache.exclusively(stream, () => handle({ ...options, cache }, stream, command));
  };
}

type Handling<State, C, E extends Event> = HandleCommandOptions<State, C, E> & { readonly cache: StateCache<State> };

async function handle<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  handling: Handling<State, C, E>,
  stream: StreamName,
  command: C,
): Promise<Handled<State, E>> {
  const { store, decider, cache, attempts = 12 } = handling;
  const { metadata } = command;
  for (let attempt = 1; ; attempt++) {
    const loaded = await load(handling, stream);
    const { state, revision } = loaded;
    const first = loaded.commands.get(metadata.commandId);
    if (first !== undefined) return firstAnswer<State, E>(store, stream, loaded, first, metadata);

    const events = decider.decide(command, state);
    if (events.length === 0) return { events: [], position: revision, revision, state, duplicate: false };
    const previousHash = loaded.lastCommitHash;
    const outcome = await store.append(stream, events, { expectedRevision: revision, metadata, previousHash });
    if (outcome.outcome === 'appended' && outcome.hash !== undefined) {
      const { position, hash } = outcome;
      const recorded = record(stream, position, metadata, events);
      const after = evolved(handling, stream, loaded, recorded, position, hash);
      cache.put(stream, after);
      return { events: recorded, position, revision: position, state: after.state, duplicate: false };
    }
    // A duplicate is in the stream by now: the next attempt finds it, as it finds an undecided commit that was stored.
    if (attempt >= attempts) throw givenUp(stream, metadata.commandId, outcome);
    if (outcome.outcome !== 'appended') await store.pause(attempt);
  }
}

/** The state at the stream's end: what the cache has, caught up from the tail. */
async function load<State, C, E extends Event>(
  { store, decider, cache }: Handling<State, C, E>,
  stream: StreamName,
): Promise<CachedState<State>> {
  const cached = cache.take(stream) ?? {
    state: decider.initial(),
    revision: 0,
    lastCommitHash: null,
    commands: new Map<string, number>(),
  };
  const { events, revision, lastCommitHash } = await store.read(stream, { after: cached.revision });
  // A commit that is passed over has no events, and the next append goes behind it all the same.
  const caughtUp =
    revision === cached.revision
      ? cached
      : fold(decider, cached, events as readonly RecordedEvent<E>[], revision, lastCommitHash);
  cache.put(stream, caughtUp);
  return caughtUp;
}

/** Taken out while it is evolved: should `evolve` throw, the half-evolved state is not in the cache. */
function evolved<State, C, E extends Event>(
  { decider, cache }: Handling<State, C, E>,
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

async function firstAnswer<State, E extends Event>(
  store: EventStore,
  stream: StreamName,
  { state }: CachedState<State>,
  position: number,
  { commandId, actor }: CommandMetadata,
): Promise<Handled<State, E>> {
  const { events } = await store.read(stream, { after: position - 1, upTo: position });
  const by = events[0]?.metadata.actor;
  if (by?.kind !== actor.kind || by.id !== actor.id) throw new Rejection('command.id-reused', { commandId });
  return { events: events as readonly RecordedEvent<E>[], position, revision: position, state, duplicate: true };
}

const record = <E extends Event>(
  stream: StreamName,
  position: number,
  command: CommandMetadata,
  events: readonly E[],
): RecordedEvent<E>[] => {
  const metadata = commitMetadata(command);
  const at = command.now.toISOString();
  return events.map((event, index) => ({ ...event, stream, position, index, at, metadata }));
};

function givenUp(
  stream: StreamName,
  commandId: string,
  outcome: { readonly outcome: string; readonly reason?: string },
): LogError {
  const details = { stream, commandId };
  if (outcome.outcome === 'conflict') {
    return new LogError('log.contended', `${stream} changes too fast to append to it: send the command again`, details);
  }
  const reason = outcome.reason ?? 'an append that is said to be stored is not found';
  return new LogError(
    'log.unavailable',
    `it is not known whether a command on ${stream} was stored (${reason}): send it again with the same id`,
    details,
  );
}
