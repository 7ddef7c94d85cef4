import { setTimeout as sleep } from 'node:timers/promises';
import { divergedError } from '@caravan/event-store';

/** How long a writer waits for a look that is under way: as an append does for its acknowledgement. */
export const PATIENCE_MS = 3_000;

/** Why nothing may be written any more. */
export interface Refusal {
  readonly says: string;
  /** Where in the log. */
  readonly sequence: number;
  readonly since: Date;
  /** It looks right again, and is read from its first entry before that counts. */
  readonly pending: boolean;
}

export type WitnessStatus =
  /** Nothing may be written for now: the log was away, or is being looked at. */
  { readonly status: 'looking' } | { readonly status: 'watching' } | ({ readonly status: 'diverged' } & Refusal);

/** Whether this process may write to the log. */
export class WriteGate {
  #holds = 0;
  #refusal: Refusal | undefined;
  #changed: () => void = () => undefined;
  #waiting: Promise<void> | undefined;

  get status(): WitnessStatus {
    if (this.#refusal) return { status: 'diverged', ...this.#refusal };
    return { status: this.#holds > 0 ? 'looking' : 'watching' };
  }

  /** What was found out is not taken back while the process runs. */
  get isShut(): boolean {
    return this.#refusal?.pending === false;
  }

  /** Nobody passes until everybody who holds it has let go. Returns how to. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (held) this.#holds--;
      held = false;
      this.#tell();
    };
  }

  refuse(refusal: Refusal): void {
    if (!this.isShut) this.#refusal = refusal;
    this.#tell();
  }

  /** What was pending has turned out well. */
  clear(): void {
    if (!this.isShut) this.#refusal = undefined;
    this.#tell();
  }

  /**
   * Whether writing is allowed; waits up to `withinMs` for a look that is under way.
   * @throws LogError `log.diverged`
   */
  async admits(withinMs: number): Promise<boolean> {
    if (this.status.status === 'watching') return true;
    const late = new AbortController();
    const timeout = sleep(withinMs, undefined, { signal: late.signal }).then(
      () => true,
      () => true,
    );
    for (let over = false; this.#holds > 0 && !this.#refusal && !over;) {
      this.#waiting ??= new Promise((resolve) => (this.#changed = resolve));
      over = await Promise.race([timeout, this.#waiting.then(() => false)]);
    }
    late.abort();
    this.assertSame();
    return this.#holds === 0;
  }

  /** @throws LogError `log.diverged` */
  assertSame(): void {
    const refusal = this.#refusal;
    if (refusal) throw divergedError(refusal.says, refusal.sequence, refusal.since);
  }

  #tell(): void {
    this.#waiting = undefined;
    this.#changed();
  }
}
