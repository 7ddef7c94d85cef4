import { streamPrefix } from '@caravan/events';
import type { DeclaredEvent, EventRegistry } from '../event-registry.js';
import type { Halt } from '../projection/index.js';
import type { RecordedEvent } from '../recorded-event.js';
import type { PassedOver } from '../passing-over.js';
import { LogError, PoisonError } from '../rejection.js';
import type { RawCommit } from './raw-commit.js';

/**
 * The events of a commit that are of interest. Commits of aggregates that nothing here handles are passed over unread: what is
 * in them, broken or newer than this service, has no effect here. Nor has an entry that the log itself passes over.
 */
export function commitDecoder(
  registry: EventRegistry,
  types: Iterable<Pick<DeclaredEvent, 'type'>>,
  passedOver: PassedOver,
): (commit: RawCommit) => readonly RecordedEvent[] {
  const wanted = new Set<string>();
  const prefixes = new Set<string>();
  for (const { type } of types) {
    const category = registry.types.get(type)?.category;
    if (!category) throw new RangeError(`${type} is handled, but not among the events of the registry`);
    wanted.add(type);
    prefixes.add(streamPrefix(category));
  }
  return (commit) => {
    const { stream, position, bytes } = commit;
    if (!prefixes.has(stream.slice(0, stream.lastIndexOf('.') + 1)) || passedOver.has(commit)) return [];
    return registry.decode(stream, position, bytes).events.filter(({ type }) => wanted.has(type));
  };
}

/** What to say of a commit that cannot be passed. */
export function haltAt(
  commit: Pick<RawCommit, 'stream' | 'position'> | undefined,
  reached: number,
  error: unknown,
): Halt {
  if (error instanceof PoisonError) {
    const { position, stream, reason, newer } = error;
    return { kind: newer ? 'newer' : 'garbled', position, stream, reason };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const kind = commit || !(error instanceof LogError) ? 'unfit' : 'log';
  return { kind, position: commit?.position ?? reached, stream: commit?.stream ?? null, reason };
}
