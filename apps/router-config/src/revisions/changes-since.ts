import { keyOf } from '@caravan/data-plane';
import type { Item, ItemKey } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';
import type { SiteRevisions } from './site-revisions.js';

/** Items by their keys, as they were compiled at `position`. */
export interface Compiled {
  readonly position: number;
  readonly items: ReadonlyMap<ItemKey, Item>;
}

export const byKey = (items: readonly Item[]): ReadonlyMap<ItemKey, Item> =>
  new Map(items.map((item) => [keyOf(item), item]));

/**
 * What a site that knows `revision` must be told. Everything when that is nothing (0), no position that this log has come to (it
 * was restored from a backup), or so long ago that it is forgotten what has gone since.
 */
export function changesSince(revision: number, revisions: SiteRevisions, { position, items }: Compiled): SyncReply {
  const entry = (key: ItemKey, item: Item) => ({ key, revision: revisions.revisionOf(key), item });
  if (revision === 0 || revision > position || !revisions.remembers(revision)) {
    return {
      kind: 'snapshot',
      revision: position,
      items: [...items].map(([key, item]) => entry(key, item)),
      removed: [],
    };
  }
  const reply: SyncReply = { kind: 'delta', revision: position, items: [], removed: [] };
  for (const key of revisions.since(revision)) {
    const item = items.get(key);
    // By what is compiled, not by what an event was thought to do: an item that is not there is never left standing at a site.
    if (item) reply.items.push(entry(key, item));
    else reply.removed.push(key);
  }
  return reply;
}
