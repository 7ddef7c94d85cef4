import { itemSchema, keyOf } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { CAPABILITY } from '@caravan/events';
import type { SyncReply } from '@caravan/events';

/** An item as it came. It is read when it is used, so that a newer version of this site reads what an older one could not. */
export interface DesiredEntry {
  readonly revision: number;
  readonly item: unknown;
}

/** What this site shall be, as of a log position. */
export interface DesiredState {
  /** What this site and whoever told it both knew of the site protocol. */
  readonly capability: number;
  readonly revision: number;
  readonly entries: ReadonlyMap<string, DesiredEntry>;
}

export const nothingDesired: DesiredState = { capability: 1, revision: 0, entries: new Map() };

/** What comes with an input file or an admission: true at no log position, so that the first sync asks for everything. */
export const desiredFrom = (items: readonly unknown[]): DesiredState => ({
  capability: 1,
  revision: 0,
  entries: new Map(items.map((item, index) => [keyIn(item) ?? `unknown/${index}`, { revision: 0, item }])),
});

/**
 * The state after an answer to "what changed since `state.revision`?". A delta from before what is kept is the answer to a
 * question that was not asked: it changes nothing. A snapshot counts whatever its revision; the log may have been restored.
 */
export function after(state: DesiredState, reply: SyncReply): DesiredState {
  const capability = knownToBoth(reply);
  if (reply.kind === 'delta' && reply.revision < state.revision) return state;
  if (reply.kind === 'delta' && reply.items.length + reply.removed.length === 0) {
    return { capability, revision: reply.revision, entries: state.entries };
  }
  const entries = new Map(reply.kind === 'delta' ? state.entries : []);
  for (const key of reply.removed) entries.delete(key);
  for (const { key, revision, item } of reply.items) entries.set(key, { revision, item });
  return { capability, revision: reply.revision, entries };
}

const knownToBoth = ({ capability = 1 }: SyncReply): number => Math.min(capability, CAPABILITY);

/**
 * Whether an answer does not tell all: since what is kept was heard, this site or the management plane learned of something that
 * may be in items which no event has changed.
 */
export const isTooLittle = ({ capability }: DesiredState, reply: SyncReply): boolean =>
  reply.kind === 'delta' && knownToBoth(reply) > capability;

export interface Understood {
  readonly items: readonly Item[];
  /** Key -> why. Such an item is not carried out, not even in an older form: a door half understood is a door open. */
  readonly refused: ReadonlyMap<string, string>;
}

export function understood({ entries }: DesiredState): Understood {
  const items: Item[] = [];
  const refused = new Map<string, string>();
  for (const [key, { item }] of entries) {
    const result = itemSchema.safeParse(item);
    if (!result.success) {
      const { path = [], message = '' } = result.error.issues[0] ?? {};
      refused.set(key, `this version of the site does not understand it (${path.map(String).join('.')}: ${message})`);
    } else if (keyOf(result.data) !== key) refused.set(key, `it is the item ${keyOf(result.data)} under another key`);
    else items.push(result.data);
  }
  return { items, refused };
}

function keyIn(item: unknown): string | undefined {
  const { kind, id } = Object(item) as Record<string, unknown>;
  return typeof kind === 'string' && typeof id === 'string' ? `${kind}/${id}` : undefined;
}
