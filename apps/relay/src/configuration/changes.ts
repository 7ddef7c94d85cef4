import { isDeepStrictEqual } from 'node:util';

export interface Changes<Item> {
  readonly added: readonly Item[];
  readonly changed: readonly { readonly before: Item; readonly after: Item }[];
  readonly kept: readonly Item[];
  readonly removed: readonly Item[];
}

/** What must be done to get from one set of items to another. Equal items are `kept`, so giving the same twice does nothing. */
export function changesBetween<Item extends { readonly id: string }>(
  before: readonly Item[],
  after: readonly Item[],
): Changes<Item> {
  const old = new Map(before.map((item) => [item.id, item]));
  const wanted = new Map(after.map((item) => [item.id, item]));
  const changes = { added: [] as Item[], changed: [] as { before: Item; after: Item }[], kept: [] as Item[] };
  for (const item of wanted.values()) {
    const was = old.get(item.id);
    if (was === undefined) changes.added.push(item);
    else if (isDeepStrictEqual(was, item)) changes.kept.push(item);
    else changes.changed.push({ before: was, after: item });
  }
  return { ...changes, removed: [...old.values()].filter(({ id }) => !wanted.has(id)) };
}
