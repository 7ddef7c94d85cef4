import type { ItemState } from '@caravan/data-plane';
import type { SiteSightings, Unconfirmed } from './site-sightings.js';

interface Said {
  readonly revision: number;
  readonly at: Date;
  readonly items: ReadonlyMap<string, ItemState>;
  readonly capability: number;
}

/** What sites say, as the live table would have it. */
export class Sightings implements Pick<SiteSightings, 'newest' | 'notAsOf' | 'lastSeen'> {
  readonly #said = new Map<string, Said>();

  say(
    siteId: string,
    revision: number,
    at: Date,
    items: Readonly<Record<string, ItemState>> = {},
    capability = 100,
  ): void {
    this.#said.set(siteId, { revision, at, items: new Map(Object.entries(items)), capability });
  }

  async newest(): Promise<string | undefined> {
    const newest = Math.max(...[...this.#said.values()].map(({ at }) => at.getTime()));
    return Number.isFinite(newest) ? new Date(newest).toISOString() : undefined;
  }

  async lastSeen(siteIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(siteIds.flatMap((id) => (this.#said.has(id) ? [[id, this.#said.get(id)!.at.toISOString()]] : [])));
  }

  async notAsOf(
    siteIds: readonly string[],
    position: number,
    items: readonly string[],
    capability = 1,
  ): Promise<Unconfirmed[]> {
    return siteIds.flatMap((siteId) => {
      const said = this.#said.get(siteId);
      const lastSeenAt = said?.at.toISOString() ?? null;
      if (!said || said.revision < position) return { siteId, lastSeenAt, detail: 'behind' };
      if (said.capability < capability) return { siteId, lastSeenAt, detail: 'too old' };
      const other = [...said.items].find(
        ([item, { state }]) => state !== 'applied' && items.some((beginning) => item.startsWith(beginning)),
      );
      return other ? { siteId, lastSeenAt, detail: other[0] } : [];
    });
  }
}
