import { codeOf } from './control/index.js';

/** What does not work, in words, with a stable code; `since` stays while the same thing goes on not working. */
export interface TroubleNow {
  readonly code: string;
  readonly detail: string;
  readonly since: string;
}

/** One trouble for each thing that can go wrong; gone when that works again. */
export class Troubles {
  private readonly now = new Map<string, TroubleNow>();

  set(of: string, error: unknown, at: Date): void {
    const detail = error instanceof Error ? error.message : String(error);
    const before = this.now.get(of);
    this.now.set(of, { code: codeOf(error), detail, since: before?.since ?? at.toISOString() });
  }

  clear(of: string): void {
    this.now.delete(of);
  }

  list(): TroubleNow[] {
    return [...this.now.values()];
  }
}
