import { ApiError } from '@caravan/api';

/** Commands that are given all the time, and what became of them. */
export class Commands {
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  private count = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly prefix: string,
    private readonly give: (name: string) => Promise<unknown>,
    everyMs = 25,
  ) {
    this.timer = setInterval(() => this.next(), everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
  }

  private next(): void {
    if (this.pending.size > 50) return;
    const name = `${this.prefix}-${this.count++}`;
    const outcome = this.give(name).then(
      () => void this.acknowledged.push(name),
      (error: unknown) => void this.refused.push(error instanceof ApiError ? error.problem.code : String(error)),
    );
    this.pending.add(outcome);
    void outcome.finally(() => this.pending.delete(outcome));
  }
}
