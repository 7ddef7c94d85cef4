import { hasWindow, withoutWindow } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';

/**
 * What a site is told that would ignore windows, or refuse what has one. Where none of its items has one, the same as any other.
 * Otherwise everything each time, as it is at `now`: that a network starts or ends is no event, so no delta would tell.
 */
export function withoutWindows(
  changesSince: (revision: number) => SyncReply,
  revision: number,
  now: number,
): SyncReply {
  const everything = changesSince(0);
  if (!everything.items.some(({ item }) => hasWindow(item as Item))) return changesSince(revision);
  const items = everything.items.flatMap((entry) => {
    const item = withoutWindow(entry.item as Item, now);
    return item ? [{ ...entry, item }] : [];
  });
  return { ...everything, items };
}
