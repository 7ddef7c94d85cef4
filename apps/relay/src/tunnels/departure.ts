/**
 * Whether the caller of a connection has gone, while a way for it is still looked for. What an AbortController says, at a
 * tenth of the cost: there is one for every connection, and its error with a stack nobody reads.
 */
export class Departure {
  #hasGone = false;
  #listeners: (() => void)[] = [];

  get hasGone(): boolean {
    return this.#hasGone;
  }

  leave(): void {
    if (this.#hasGone) return;
    this.#hasGone = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** Calls `listener` when the caller leaves; answers how to stop listening. */
  onLeave(listener: () => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }
}
