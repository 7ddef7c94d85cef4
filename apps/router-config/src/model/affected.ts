import type { ItemKey } from '@caravan/data-plane';

export type Effect = 'changed' | 'gone';

/**
 * Which items of which sites an event concerns. May name an item that turns out the same; must never leave out one that
 * does not: what a site is told follows from this alone, so that it is the same however the log was read.
 */
export class Affected {
  readonly #items = new Map<string, Map<ItemKey, Effect>>();

  /** The item is new or says something else. */
  changed(siteId: string, key: ItemKey): void {
    this.#of(siteId).set(key, 'changed');
  }

  /** The item is no more. */
  gone(siteId: string, key: ItemKey): void {
    this.#of(siteId).set(key, 'gone');
  }

  note(effect: Effect, siteId: string, key: ItemKey): void {
    this.#of(siteId).set(key, effect);
  }

  /** The site is no more, and so are all its items. */
  removed(siteId: string): void {
    this.#of(siteId).clear();
  }

  sites(): Iterable<string> {
    return this.#items.keys();
  }

  itemsOf(siteId: string): ReadonlyMap<ItemKey, Effect> {
    return this.#items.get(siteId) ?? new Map<ItemKey, Effect>();
  }

  #of(siteId: string): Map<ItemKey, Effect> {
    let items = this.#items.get(siteId);
    if (!items) {
      items = new Map<ItemKey, Effect>();
      this.#items.set(siteId, items);
    }
    return items;
  }
}
