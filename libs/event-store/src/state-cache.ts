/** A state and the commit up to which it was folded. */
export interface CachedState<State> {
  readonly state: State;
  readonly revision: number;
  readonly lastCommitHash: string | null;
  /** The position of each command's commit on this stream: what makes a resend find its first answer, however late it comes. */
  readonly commands: Map<string, number>;
}

/**
 * The states of the streams used last. It owns them: `take` hands a state out and forgets it, so that one which is being
 * evolved when something throws is never seen again, and `put` brings it back.
 */
export interface StateCache<State> {
  take(stream: string): CachedState<State> | undefined;
  put(stream: string, cached: CachedState<State>): void;
  /** Runs one piece of work after the other for each stream: a state has one user, and one process never conflicts with itself. */
  exclusively<T>(stream: string, work: () => Promise<T>): Promise<T>;
}

/** A cache of at most `maxStreams` states (default 1,000); the one used longest ago goes first. For one decider. */
export function stateCache<State>({ maxStreams = 1_000 }: { maxStreams?: number } = {}): StateCache<State> {
  const states = new Map<string, CachedState<State>>(); // in order of use
  const lastWork = new Map<string, Promise<unknown>>();
  return {
    take(stream) {
      const cached = states.get(stream);
      states.delete(stream);
      return cached;
    },
    put(stream, cached) {
      states.delete(stream);
      states.set(stream, cached);
      for (const oldest of states.keys()) {
        if (states.size <= maxStreams) break;
        states.delete(oldest);
      }
    },
    async exclusively(stream, work) {
      const mine = (lastWork.get(stream) ?? Promise.resolve()).then(work);
      const settled = mine.catch(() => undefined);
      lastWork.set(stream, settled);
      try {
        return await mine;
      } finally {
        if (lastWork.get(stream) === settled) lastWork.delete(stream);
      }
    },
  };
}
