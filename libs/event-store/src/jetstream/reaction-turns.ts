/** What became of one commit. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly inMs: number; readonly reason: string; readonly failed: boolean }
  | { readonly kind: 'poison'; readonly reason: string };

interface Held {
  readonly position: number;
  /** When it will be delivered again. */
  readonly retryAt: number;
}

/** After which a commit that did not come back is taken to be dealt with by another replica. */
const ELSEWHERE_MS = 2_000;

/**
 * Whose turn it is: the commits of one stream one after the other, those of different streams at the same time, up to a
 * number. When one is to be tried again later, those behind it wait too. Over several replicas this is best effort: a commit
 * may start while an earlier one of its stream is at work elsewhere. A handler that cannot bear that throws NotYet.
 */
export class ReactionTurns {
  private readonly lastOf = new Map<string, Promise<void>>();
  private readonly held = new Map<string, Held>();
  private readonly queue: (() => void)[] = [];
  private busy = 0;

  constructor(private readonly concurrency: number) {}

  /** Runs `work` when everything before it on the stream is done and there is room. `work` may not throw. */
  async run(stream: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.lastOf.get(stream) ?? Promise.resolve()).then(() => this.whenThereIsRoom(work));
    this.lastOf.set(stream, mine);
    await mine;
    if (this.lastOf.get(stream) === mine) this.lastOf.delete(stream);
  }

  /** How long a commit has to wait for an earlier one of its stream; 0: not at all. */
  waitMs(stream: string, position: number, now: number): number {
    const held = this.held.get(stream);
    if (!held || held.position >= position) return 0;
    if (now > held.retryAt + ELSEWHERE_MS) {
      this.held.delete(stream);
      return 0;
    }
    return Math.max(held.retryAt - now, 200);
  }

  /** The commit comes again at `retryAt`; those behind it wait. */
  hold(stream: string, position: number, retryAt: number): void {
    this.held.set(stream, { position, retryAt });
  }

  release(stream: string, position: number): void {
    if (this.held.get(stream)?.position === position) this.held.delete(stream);
  }

  private async whenThereIsRoom(work: () => Promise<void>): Promise<void> {
    if (this.busy >= this.concurrency) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.busy++;
    try {
      await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.busy--;
    }
  }
}
