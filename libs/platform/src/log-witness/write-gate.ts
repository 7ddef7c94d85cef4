import { setTimeout as sleep } from 'node:timers/promises';
import { divergedError } from '@caravan/event-store';

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
  /** Nothing may be written: the log was away, and is not looked at yet. */
  { readonly status: 'looking' } | { readonly status: 'watching' } | ({ readonly status: 'diverged' } & Refusal);

/** Whether this process may write to the log. */
export class WriteGate {
  #status: WitnessStatus = { status: 'looking' };
  #looked: () => void = () => undefined;
  #looking = new Promise<void>((resolve) => (this.#looked = resolve));

  get status(): WitnessStatus {
    return this.#status;
  }

  /** What was found out is not taken back while the process runs. */
  get isShut(): boolean {
    return this.#status.status === 'diverged' && !this.#status.pending;
  }

  /** Nobody passes until there was a look. */
  hold(): void {
    if (this.#status.status !== 'watching') return;
    this.#status = { status: 'looking' };
    this.#looking = new Promise((resolve) => (this.#looked = resolve));
  }

  open(): void {
    if (!this.isShut) this.#set({ status: 'watching' });
  }

  refuse(refusal: Refusal): void {
    if (!this.isShut) this.#set({ status: 'diverged', ...refusal });
  }

  /**
   * Whether writing is allowed; waits up to `withinMs` for a look that is under way.
   * @throws LogError `log.diverged`
   */
  async admits(withinMs: number): Promise<boolean> {
    if (this.#status.status === 'looking') {
      const late = new AbortController();
      await Promise.race([this.#looking, sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
    }
    this.assertSame();
    return this.#status.status === 'watching';
  }

  /** @throws LogError `log.diverged` */
  assertSame(): void {
    const status = this.#status;
    if (status.status === 'diverged') throw divergedError(status.says, status.sequence, status.since);
  }

  #set(status: WitnessStatus): void {
    this.#status = status;
    this.#looked();
  }
}
