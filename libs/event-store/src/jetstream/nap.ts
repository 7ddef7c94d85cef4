/** A pause that can be cut short. (A combined AbortSignal for each would do, but Node keeps those for too long.) */
export class Nap {
  private end: () => void = () => undefined;

  /** Ends the pause that is under way, if one is. */
  wake(): void {
    this.end();
  }

  /** Resolves after `ms`, when it is woken, or when the signal aborts. */
  take(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.end = end;
    });
  }
}
