import { commitSchema, streamPrefix } from '@caravan/events';
import type { Commit, Event, StreamCategory, StreamName } from '@caravan/events';
import { assertStreamName, commitBytes } from './commit-bytes.js';
import { commitMetadata } from './metadata.js';
import type { CommandMetadata, CommitMetadata } from './metadata.js';
import { isPlainCommit } from './plain-commit.js';
import type { RecordedEvent } from './recorded-event.js';
import { LogError, PoisonError } from './rejection.js';

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What the registry needs of an event type (`EventType` of `@caravan/events`): everything but the type of its data. */
export interface DeclaredEvent {
  readonly type: string;
  readonly version: number;
  readonly category: StreamCategory;
  readonly schema: {
    safeParse(
      data: unknown,
    ):
      | { readonly success: true; readonly data: unknown }
      | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
  };
  readonly upcasters: Readonly<Record<number, (data: never) => unknown>>;
}

/** A commit as it was read: its events in the current versions of their schemas. */
export interface DecodedCommit {
  readonly events: readonly RecordedEvent[];
  readonly previous: string | null;
}

/** Translates between events and the raw bytes of commits, for the event types that it was made of. */
export interface EventRegistry {
  readonly types: ReadonlyMap<string, DeclaredEvent>;
  /**
   * The raw bytes of a commit.
   * @throws RangeError for what is not a stream name or an empty commit.
   * @throws LogError `event.invalid`, `commit.too-large`.
   */
  encode(stream: StreamName, events: readonly Event[], metadata: CommandMetadata, previous: string | null): Uint8Array;
  /** @throws PoisonError for whatever cannot be a commit of this stream. */
  decode(stream: string, position: number, bytes: Uint8Array): DecodedCommit;
}

interface Declared {
  readonly type: DeclaredEvent;
  /** What the name of every stream of its category begins with. */
  readonly prefix: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

const problems = ({ issues }: { readonly issues: readonly Issue[] }): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`)
    .join('; ');

/**
 * Everything is checked against its schema on the way in and on the way out: a log that can be restored, edited or written by
 * an older service is not trusted to hold what it should. An event's schema costs half a microsecond, since zod compiles it;
 * the envelope's, checked by hand (`isPlainCommit`), less. Parsing the JSON costs two.
 * @throws RangeError when two event types have one name.
 */
export function eventRegistry(eventTypes: readonly DeclaredEvent[]): EventRegistry {
  const declared = new Map<string, Declared>();
  for (const type of eventTypes) {
    if (declared.has(type.type)) throw new RangeError(`two event types are called ${type.type}`);
    declared.set(type.type, { type, prefix: streamPrefix(type.category) });
  }
  return {
    types: new Map(eventTypes.map((type) => [type.type, type])),
    encode(stream, events, metadata, previous) {
      assertStreamName(stream);
      if (events.length === 0 || events.length > 100) throw new RangeError(`${events.length} events make no commit`);
      for (const event of events) checkForAppend(declared, stream, event);
      return commitBytes(stream, events, metadata, previous);
    },
    decode(stream, position, bytes) {
      try {
        assertStreamName(stream);
        const commit = parseCommit(bytes);
        const metadata = metadataOf(commit);
        const events = commit.events.map((event, index): RecordedEvent => {
          const known = knownFor(declared, stream, event.type);
          const { type, version } = known;
          const data = currentData(known, event);
          // A literal: spreading what was read costs more than parsing it.
          return { type, version, data, stream, position, index, at: commit.at, metadata };
        });
        return { events, previous: commit.previous };
      } catch (error) {
        throw new PoisonError(stream, position, (error as Error).message, { newer: error instanceof Newer });
      }
    },
  };
}

function checkForAppend(declared: ReadonlyMap<string, Declared>, stream: StreamName, event: Event): void {
  const refuse = (why: string) =>
    new LogError('event.invalid', `${event.type} is not appended to ${stream}: ${why}`, { stream, type: event.type });
  const known = declared.get(event.type);
  if (!known) throw refuse('no such event is declared');
  if (!stream.startsWith(known.prefix)) throw refuse(`it belongs to ${known.prefix}<id>`);
  if (event.version !== known.type.version) throw refuse(`version ${event.version} is not the current one`);
  const parsed = known.type.schema.safeParse(event.data);
  if (!parsed.success) throw refuse(problems(parsed.error));
}

function parseCommit(bytes: Uint8Array): Commit {
  const value: unknown = JSON.parse(decoder.decode(bytes));
  if (isPlainCommit(value)) return value;
  const parsed = commitSchema.safeParse(value);
  if (!parsed.success) throw new Error(`it is no commit: ${problems(parsed.error)}`);
  return parsed.data;
}

function metadataOf(commit: Commit): CommitMetadata {
  const { commandId, actor, via, source, reason, correlationId, causationId, traceparent, ownerGroup } = commit;
  if (reason === undefined && traceparent === undefined) {
    return { commandId, actor, via, source, correlationId, causationId, ownerGroup };
  }
  return commitMetadata(commit);
}

/** What a later version of this program may have written. */
class Newer extends Error {}

function knownFor(declared: ReadonlyMap<string, Declared>, stream: string, type: string): DeclaredEvent {
  const known = declared.get(type);
  if (!known) throw new Newer(`no event ${type} is declared`);
  if (!stream.startsWith(known.prefix)) throw new Error(`${type} belongs to ${known.prefix}<id>`);
  return known.type;
}

/** The event's data in the current version of its schema. */
function currentData({ type, version, schema, upcasters }: DeclaredEvent, event: Commit['events'][number]): unknown {
  if (event.version > version) throw new Newer(`${type} version ${event.version} is newer than ${version}: upgrade`);
  let data: unknown = event.data;
  for (let from = event.version; from < version; from++) {
    data = upcasted(upcasters[from], data, `${type} version ${from}`);
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Error(`${type} breaks its schema: ${problems(parsed.error)}`);
  return parsed.data;
}

/** An upcaster is handed what was stored, whatever that is; its own schema is long gone. */
function upcasted(upcast: ((data: never) => unknown) | undefined, data: unknown, what: string): unknown {
  if (!upcast) throw new Error(`${what} has no upcaster`);
  try {
    return upcast(data as never);
  } catch (error) {
    throw new Error(`${what} is not what its upcaster takes: ${(error as Error).message}`, { cause: error });
  }
}
