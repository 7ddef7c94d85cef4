/** Forgotten so long after it was last met: longer than the longest time between two tries. */
const FORGOTTEN_AFTER_MS = 15_000;
/** Shorter waits are the order of events, not trouble. */
const SHOWN_AFTER_MS = 1_000;
const TRY_AGAIN_MS = { soonest: 100, latest: 5_000 };

/** What requests are waiting for: how long each should wait now, and what the health port says. */
export class Waiting {
  readonly #met = new Map<string, { first: number; last: number }>();

  constructor(private readonly now: () => number) {}

  /**
   * Takes note of a wait.
   *
   * @returns when to try again, in milliseconds: as long again as it has taken so far. A network's authorities follow within
   * milliseconds of what asks for them; a root takes a person.
   */
  met(what: string): number {
    const now = this.now();
    const first = this.#met.get(what)?.first ?? now;
    this.#met.set(what, { first, last: now });
    return Math.min(Math.max(now - first, TRY_AGAIN_MS.soonest), TRY_AGAIN_MS.latest);
  }

  /** What has been awaited for a while, in words. */
  says(): string | undefined {
    for (const [what, { last }] of this.#met) {
      if (this.now() - last > FORGOTTEN_AFTER_MS) this.#met.delete(what);
    }
    const long = [...this.#met].filter(([, { first, last }]) => last - first > SHOWN_AFTER_MS).map(([what]) => what);
    return long.length === 0 ? undefined : `awaiting ${long.slice(0, 3).join(', ')}${long.length > 3 ? ', ...' : ''}`;
  }
}
