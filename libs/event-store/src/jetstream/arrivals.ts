import { LogError } from '../rejection.js';
import type { RawCommit } from './raw-commit.js';

/** Positions are without a gap: nothing is ever taken out of the log. */
export function incomplete(expected: number, found?: number): LogError {
  const beyond = found === undefined ? '' : `, and goes on at ${found}`;
  const details = { expected, ...(found !== undefined && { found }) };
  return new LogError('log.incomplete', `the log has nothing at ${expected}${beyond}: restore a whole log`, details);
}

/** What came in and was not taken yet, with the server's questions for flow in between. */
export class Arrivals {
  broken: string | undefined;
  private items: (RawCommit | (() => void))[] = [];
  private failure: LogError | undefined;
  /** Whether a question for flow is among the items. */
  private asked = false;
  private wake: () => void = () => undefined;

  /** @param hole the first position that the server knows to be empty: what comes before it still arrives */
  constructor(
    private next: number,
    private readonly hole: number | undefined,
  ) {
    this.lookOut();
  }

  readonly receiver = {
    deliver: (commit: RawCommit): void => {
      // What lies behind a hole would be read as if nothing were missing.
      if (this.failure) return;
      if (commit.position === this.next) {
        this.items.push(commit);
        this.next++;
        this.lookOut();
      } else {
        // Deliveries are gapless, so a gap in positions is one in the log itself.
        this.failure = incomplete(this.next, commit.position);
      }
      this.wake();
    },
    flow: (go: () => void): void => {
      this.items.push(go);
      this.asked = true;
      this.wake();
    },
    broken: (reason: string): void => {
      this.broken = reason;
      this.wake();
    },
  };

  /** At least one commit; none when it is broken or aborted. As many as may be for as long as more is `known` to come. */
  async take(most: number, known: number, signal: AbortSignal): Promise<readonly RawCommit[]> {
    for (;;) {
      if (signal.aborted) return [];
      const batch = this.isWorthwhile(most, known) ? this.taken(most) : [];
      if (batch.length > 0) return batch;
      if (this.failure) throw this.failure;
      if (this.broken !== undefined) return [];
      await this.arrival(signal);
    }
  }

  /** A batch costs its reader as much as dozens of commits: what a socket gives at once is too little of a long log. */
  private isWorthwhile(most: number, known: number): boolean {
    const enough = this.items.length >= most || this.next > known;
    // The server waits for an answer, or sends no more: nothing is to be waited for.
    return enough || this.asked || this.broken !== undefined || this.failure !== undefined;
  }

  private taken(most: number): RawCommit[] {
    const batch: RawCommit[] = [];
    let used = 0;
    for (const item of this.items) {
      if (typeof item !== 'function') batch.push(item);
      else if (batch.length === 0)
        item(); // everything before it was dealt with
      else break;
      used++;
      if (batch.length === most) break;
    }
    this.items = used === this.items.length ? [] : this.items.slice(used);
    this.asked = this.items.some((item) => typeof item === 'function');
    return batch;
  }

  /** Nothing may ever come in behind a hole, so nothing would show it. */
  private lookOut(): void {
    if (this.next === this.hole) this.failure ??= incomplete(this.next);
  }

  private arrival(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.wake = () => undefined;
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wake = wake;
      signal.addEventListener('abort', wake);
    });
  }
}
