import type { Item } from './items.js';

/** The item as a site is told it that knows of nothing retired: its links by what is retired end, and it dials them again. */
export function withoutRetired(item: Item): Item {
  if ((item.kind !== 'admission' && item.kind !== 'link') || item.retired === undefined) return item;
  const { retired: _, ...rest } = item;
  return rest;
}
