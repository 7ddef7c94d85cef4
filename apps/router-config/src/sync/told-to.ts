import type { Item } from '@caravan/data-plane';
import { asKnownBy } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';

/** What a site of this capability is told: it would refuse items that say what it does not know of. */
export const toldTo = (capability: number, reply: SyncReply): SyncReply => ({
  ...reply,
  items: reply.items.flatMap((entry) => {
    const item = asKnownBy(capability, entry.item as Item);
    return item ? [{ ...entry, item }] : [];
  }),
});
