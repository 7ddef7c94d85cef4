/** How long a wait is shown after it was last met: somewhat more than the time between two tries. */
const SHOWN_MS = 15_000;

/** What requests are waiting for now, for the health port. */
export class Waiting {
  readonly #since = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  met(what: string): void {
    this.#since.set(what, this.now());
  }

  /** What was awaited lately, in words. */
  says(): string | undefined {
    for (const [what, last] of this.#since) {
      if (this.now() - last > SHOWN_MS) this.#since.delete(what);
    }
    const all = [...this.#since.keys()];
    return all.length === 0 ? undefined : `awaiting ${all.slice(0, 3).join(', ')}${all.length > 3 ? ', ...' : ''}`;
  }
}
