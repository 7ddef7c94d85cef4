import type { ItemKey } from '@caravan/data-plane';
import type { Effect } from '../model/index.js';

/** Items that are gone and still told of. A site that slept through more gets everything anew. */
export const KEPT_TOMBSTONES = 256;

/**
 * When each item of one site last changed: the log position of the last event that concerned it. Follows from the order of
 * the log alone, never from when somebody asked, so that it is the same after a restart and at every replica.
 */
export class SiteRevisions {
  /** Both in the order of their revisions. */
  readonly #changed = new Map<ItemKey, number>();
  readonly #gone = new Map<ItemKey, number>();
  #horizon = 0;

  note(items: ReadonlyMap<ItemKey, Effect>, position: number): void {
    for (const [key, effect] of items) {
      // Moved to the end: iteration is from the oldest to the newest.
      this.#changed.delete(key);
      this.#gone.delete(key);
      if (effect === 'changed') this.#changed.set(key, position);
      else this.#bury(key, position);
    }
  }

  /** Whether everything that went after `revision` is still told of. */
  remembers(revision: number): boolean {
    return revision >= this.#horizon;
  }

  revisionOf(key: ItemKey): number {
    return this.#changed.get(key) ?? 0;
  }

  /** The items that any event after `revision` concerned, the longest unchanged first. */
  *since(revision: number): Generator<ItemKey> {
    for (const keys of [this.#changed, this.#gone]) {
      for (const [key, position] of keys) if (position > revision) yield key;
    }
  }

  #bury(key: ItemKey, position: number): void {
    this.#gone.set(key, position);
    if (this.#gone.size <= KEPT_TOMBSTONES) return;
    const [oldest] = this.#gone;
    if (!oldest) return;
    this.#gone.delete(oldest[0]);
    this.#horizon = oldest[1];
  }
}
