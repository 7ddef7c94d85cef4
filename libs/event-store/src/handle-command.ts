import type { Event, StreamName } from '@caravan/events';
import type { Decider } from './decider.js';
import type { AppendOutcome, EventStore } from './event-store.js';
import { commitMetadata } from './metadata.js';
import type { CommandMetadata } from './metadata.js';
import type { RecordedEvent } from './recorded-event.js';
import { LogError, Rejection } from './rejection.js';
import { stateCache } from './state-cache.js';
import { evolved, load, remembered } from './stream-state.js';
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
  /**
   * Whether the command most likely opens its stream: then nobody asks whether there is one already before the append that
   * finds out. Default: no.
   */
  readonly opens?: (command: C) => boolean;
  /** How often it decides again after a conflict or an undecided append before it gives up (default 12). */
  readonly attempts?: number;
}

/**
 * Load, decide, append with compare-and-set; on a conflict load and decide again. What is remembered of a stream is tried first as
 * it is: an append that succeeds has proven that nothing was missed, and every other end is looked at again. A command whose id is
 * already in the stream gets its first answer and has no second effect.
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

type Undecided = Extract<AppendOutcome, { readonly outcome: 'undecided' }>;
type Handling<State, C, E extends Event> = HandleCommandOptions<State, C, E> & { readonly cache: StateCache<State> };

async function handle<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  handling: Handling<State, C, E>,
  stream: StreamName,
  command: C,
): Promise<Handled<State, E>> {
  const { store, decider } = handling;
  const { metadata } = command;
  const supposed = remembered(handling, stream, command);
  const decided = supposed && decidedOn(handling, command, supposed.state);
  let attempt = 1;
  let unknown: Undecided | undefined;
  if (decided) {
    const outcome = await appended(handling, stream, command, supposed, decided);
    if ('handled' in outcome) return outcome.handled;
    // A conflict says that the state was old, which costs nothing but to look.
    if (outcome.outcome === 'undecided') await again(handling, stream, command, (unknown = outcome), attempt++);
  }
  for (; ; attempt++) {
    const loaded = await loadAfter(unknown, handling, stream, command);
    const { state, revision } = loaded;
    const first = loaded.commands.get(metadata.commandId);
    if (first !== undefined) return firstAnswer<State, E>(store, stream, loaded, first, metadata);

    const events = decider.decide(command, state);
    if (events.length === 0) return { events: [], position: revision, revision, state, duplicate: false };
    const outcome = await appended(handling, stream, command, loaded, events);
    if ('handled' in outcome) return outcome.handled;
    if (outcome.outcome === 'undecided') unknown = outcome;
    await again(handling, stream, command, outcome, attempt);
  }
}

/** That the log cannot be read now is not the answer where something is under way that may be stored still. */
async function loadAfter<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  unknown: Undecided | undefined,
  handling: Handling<State, C, E>,
  stream: StreamName,
  { metadata }: C,
): Promise<CachedState<State>> {
  try {
    return await load(handling, stream);
  } catch (error) {
    if (!unknown || !(error instanceof LogError) || error.code !== 'log.unavailable') throw error;
    throw givenUp(stream, metadata.commandId, unknown, { cause: error });
  }
}

/**
 * Before the next attempt, if there is one. A duplicate is in the stream by now: the next attempt finds it, as it finds an
 * undecided commit that was stored.
 */
async function again<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  { store, attempts = 12 }: Handling<State, C, E>,
  stream: StreamName,
  { metadata }: C,
  outcome: AppendOutcome,
  attempt: number,
): Promise<void> {
  if (attempt >= attempts) throw givenUp(stream, metadata.commandId, outcome);
  if (outcome.outcome !== 'appended') await store.pause(attempt);
}

/** The events that it leads to. That there is nothing to do, or a refusal, is only believed of the stream as it is now. */
function decidedOn<State, C, E extends Event>(
  { decider }: Handling<State, C, E>,
  command: C,
  state: State,
): readonly E[] | undefined {
  try {
    const events = decider.decide(command, state);
    return events.length > 0 ? events : undefined;
  } catch {
    return undefined; // it is decided once more, and thrown then if it still holds
  }
}

/** Appends behind the state that was decided on. The outcome without `handled`: it is not known to be there, or not to be ours. */
async function appended<State, C extends { readonly metadata: CommandMetadata }, E extends Event>(
  handling: Handling<State, C, E>,
  stream: StreamName,
  { metadata }: C,
  from: CachedState<State>,
  events: readonly E[],
): Promise<AppendOutcome | { readonly handled: Handled<State, E> }> {
  const { revision: expectedRevision, lastCommitHash: previousHash } = from;
  const outcome = await handling.store.append(stream, events, { expectedRevision, metadata, previousHash });
  if (outcome.outcome !== 'appended' || outcome.hash === undefined) return outcome;
  const { position, hash } = outcome;
  const recorded = record(stream, position, metadata, events);
  const after = evolved(handling, stream, from, recorded, position, hash);
  handling.cache.put(stream, after);
  return { handled: { events: recorded, position, revision: position, state: after.state, duplicate: false } };
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
  options?: ErrorOptions,
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
    options,
  );
}
