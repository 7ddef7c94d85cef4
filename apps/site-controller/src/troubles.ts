import { codeOf } from './control/index.js';
import { systemTrouble } from './system-trouble.js';

/** What does not work, in words, with a stable code; `since` stays while the same thing goes on not working. */
export interface TroubleNow {
  readonly code: string;
  readonly detail: string;
  readonly since: string;
}

const MOST_CODES = 100;
const MOST_OF_A_DETAIL = 2_000;

/** One trouble for each thing that can go wrong; gone when that works again. */
export class Troubles {
  /** How often, by code; only ever grows. */
  readonly counts = new Map<string, number>();
  private readonly now = new Map<string, TroubleNow>();

  set(of: string, error: unknown, at: Date): void {
    const before = this.now.get(of);
    const { code, detail } = systemTrouble(error) ?? {
      code: codeOf(error),
      detail: error instanceof Error ? error.message : String(error),
    };
    this.count(code);
    this.now.set(of, { code, detail: detail.slice(0, MOST_OF_A_DETAIL), since: before?.since ?? at.toISOString() });
  }

  /** A code may have come from the other side, which could invent one after another. */
  private count(code: string): void {
    const known =
      this.counts.has(code) || (this.counts.size < MOST_CODES && /^[A-Za-z][A-Za-z0-9._-]{0,60}$/.test(code));
    const as = known ? code : 'other';
    this.counts.set(as, (this.counts.get(as) ?? 0) + 1);
  }

  clear(of: string): void {
    this.now.delete(of);
  }

  list(): TroubleNow[] {
    return [...this.now.values()];
  }
}
