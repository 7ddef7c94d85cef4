import type { Credential } from '../configuration/credential.js';
import type { LinkItem } from '@caravan/data-plane';
import type { Means } from './means.js';
import type { Timing } from '../limits.js';
import { greeted, offersKnown } from './awaiting.js';
import { backoffMs, earlyMs } from './backoff.js';
import { Distrust } from './distrust.js';
import type { Role } from './facet.js';
import type { Line } from './line.js';

export interface DialTarget {
  readonly item: LinkItem;
  readonly means: Means;
  /** Pairs the lines of one link at the accepting end. */
  readonly token: string;
}

/** One attempt. */
export interface Dialling extends Omit<DialTarget, 'means'> {
  readonly credential: Credential;
}

export interface DialledLineDeps {
  readonly timing: Timing;
  readonly now: () => number;
  readonly random: () => number;
  /** Dials once; resolves with a line that may not have greeted yet. */
  readonly connect: (dialling: Dialling, role: Role, signal: AbortSignal) => Promise<Line>;
  readonly changed: () => void;
  /** Another line carries from now on. */
  readonly used?: () => void;
}

/** Keeps one line of a dialled link up: dials, waits for the greeting, dials again when it is lost. */
export class DialledLine {
  #target: DialTarget | undefined;
  #current: Line | undefined;
  /** Those before the current one that still stand in for it, oldest first. */
  readonly #former = new Set<Line>();
  #attempt: AbortController | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Which of its means is next: they take turns while none is let in. */
  #turn = 0;
  /** It is up by another than the first of its means, and that is tried again. */
  #isPreferring = false;
  #preferred = 0;
  /** Why the last attempt failed; undefined since it succeeded. */
  problem: string | undefined = 'dialling';
  /** Whether that was because one end does not take the certificate of the other, and whose. */
  distrust: Distrust['of'] | undefined;

  constructor(
    readonly role: Role,
    private readonly deps: DialledLineDeps,
  ) {}

  get current(): Line | undefined {
    return this.#current;
  }

  /** Dials `target` now; the line that is up goes on until the new one can take its place, then finishes what it carries. */
  redial(target: DialTarget): void {
    this.#target = target;
    this.#failures = this.#turn = this.#preferred = 0;
    this.#isPreferring = false;
    this.#dialAgain(0);
  }

  /** Takes `target` for every attempt from now on, also for one that is under way; a line that is up stays. */
  retarget(target: DialTarget): void {
    if (!this.#current || this.#attempt) return this.redial(target);
    this.#target = target;
  }

  stop(reason: string): void {
    this.#target = undefined;
    this.#abandon();
    for (const line of [...this.#former, this.#current]) line?.drop(reason);
  }

  #abandon(): void {
    clearTimeout(this.#retry);
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  #dialAgain(waitMs: number): void {
    this.#abandon();
    this.#retry = setTimeout(() => void this.#dial(), waitMs);
  }

  async #dial(): Promise<void> {
    const target = this.#target;
    if (!target) return;
    const attempt = (this.#attempt = new AbortController());
    const { means, ...rest } = target;
    const credential = turnOf(means, this.#turn);
    try {
      const line = await this.deps.connect({ ...rest, credential }, this.role, attempt.signal);
      await greeted(line, this.deps.timing.dialMs, attempt.signal);
      this.#attempt = undefined;
      this.#isPreferring = false;
      this.#use(line);
      if (credential !== means[0] && this.#current === line) this.#preferLater();
    } catch (error) {
      if (!attempt.signal.aborted)
        this.#failed((error as Error).message, error instanceof Distrust ? error.of : undefined);
    }
  }

  #use(line: Line): void {
    const upAt = this.deps.now();
    const before = this.#current;
    this.#current = line;
    this.problem = this.distrust = undefined;
    if (before) this.#keep(before);
    const lost = (reason: string): void => {
      if (this.#current !== line) return;
      this.#current = undefined;
      if (this.deps.now() - upAt >= this.deps.timing.settledMs) this.#failures = 0;
      // An attempt that is under way, for a renewed certificate, is as good as the next one.
      if (this.#target && !this.#attempt) this.#failed(reason);
    };
    line.once('closed', lost);
    // The accepting end wants it gone once empty: have another by then.
    line.once('draining', () => lost('the other end is closing the link'));
    this.deps.changed();
    if (line.status !== 'up') return lost('lost at once');
    this.deps.used?.();
    offersKnown(line, this.deps.timing.dialMs, () => this.#relieve(line));
  }

  /** No longer the current one, whose draining would be a loss: it goes on, since nobody knows yet what is offered over the next one. */
  #keep(line: Line): void {
    this.#former.add(line);
    line.once('closed', () => this.#former.delete(line));
    line.once('draining', () => this.#former.delete(line));
  }

  /** All before `line` have done their part. One after it may be the current one by now. */
  #relieve(line: Line): void {
    for (const former of this.#former) {
      if (former === line) return;
      former.drain();
    }
  }

  /** The line that is up stays until the first of its means is let in. */
  #preferLater(): void {
    const { timing, random } = this.deps;
    this.#isPreferring = true;
    this.#turn = 0;
    this.#dialAgain(backoffMs(this.#preferred++, timing.preferred, random()));
  }

  #failed(problem: string, distrust?: Distrust['of']): void {
    this.distrust = distrust;
    if (this.problem !== problem) {
      this.problem = problem;
      this.deps.changed();
    }
    if (this.#isPreferring && this.#current) return this.#preferLater();
    this.#isPreferring = false;
    this.#turn++;
    const { timing, random, now } = this.deps;
    const next = this.#target && turnOf(this.#target.means, this.#turn);
    const aheadMs = (next?.validFrom ?? 0) - now();
    this.#dialAgain(aheadMs > 0 ? earlyMs(aheadMs, random()) : backoffMs(this.#failures++, timing.backoff, random()));
  }
}

const turnOf = (means: Means, turn: number): Credential => means[turn % means.length]!;
