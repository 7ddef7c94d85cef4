import type { Item } from '@caravan/data-plane';
import { withoutRetired } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';

/** What a site is told that would refuse an item which says what is retired. */
export const withNothingRetired = (reply: SyncReply): SyncReply => ({
  ...reply,
  items: reply.items.map((entry) => ({ ...entry, item: withoutRetired(entry.item as Item) })),
});
