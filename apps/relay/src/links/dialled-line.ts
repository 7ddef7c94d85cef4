import type { Credential } from '../configuration/credential.js';
import type { LinkItem } from '@caravan/data-plane';
import type { Timing } from '../limits.js';
import { backoffMs, earlyMs } from './backoff.js';
import type { Role } from './facet.js';
import type { Line } from './line.js';

export interface DialTarget {
  readonly item: LinkItem;
  readonly credential: Credential;
  /** Pairs the lines of one link at the accepting end. */
  readonly token: string;
}

export interface DialledLineDeps {
  readonly timing: Timing;
  readonly now: () => number;
  readonly random: () => number;
  /** Dials once; resolves with a line that may not have greeted yet. */
  readonly connect: (target: DialTarget, role: Role, signal: AbortSignal) => Promise<Line>;
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
  /** Why the last attempt failed; undefined since it succeeded. */
  problem: string | undefined = 'dialling';

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
    this.#failures = 0;
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
    try {
      const line = await this.deps.connect(target, this.role, attempt.signal);
      await greeted(line, this.deps.timing.dialMs, attempt.signal);
      this.#attempt = undefined;
      this.#use(line);
    } catch (error) {
      if (!attempt.signal.aborted) this.#failed((error as Error).message);
    }
  }

  #use(line: Line): void {
    const upAt = this.deps.now();
    const before = this.#current;
    this.#current = line;
    this.problem = undefined;
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

  #failed(problem: string): void {
    if (this.problem !== problem) {
      this.problem = problem;
      this.deps.changed();
    }
    const { timing, random, now } = this.deps;
    const aheadMs = (this.#target?.credential.validFrom ?? 0) - now();
    this.#dialAgain(aheadMs > 0 ? earlyMs(aheadMs, random()) : backoffMs(this.#failures++, timing.backoff, random()));
  }
}

/**
 * Calls `then` when what is offered over a line is known where it is heard; or after `timeoutMs`, for one whose other end does
 * not say that it has told all. Not at all when the line is lost before.
 */
function offersKnown(line: Line, timeoutMs: number, then: () => void): void {
  const end = (): void => {
    clearTimeout(timer);
    line.off('offersKnown', known);
  };
  const known = (): void => {
    end();
    then();
  };
  const timer = setTimeout(known, timeoutMs);
  line.once('offersKnown', known);
  line.once('closed', end);
  line.once('draining', end);
  if (line.areOffersKnown) known();
}

/** In TLS 1.3 the dialler is done before the other end has judged its certificate; only a greeting says that it was accepted. */
function greeted(line: Line, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandoned);
      if (!error) return resolve();
      line.drop(error.message);
      reject(error);
    };
    const abandoned = (): void => give(new Error('given up'));
    const timer = setTimeout(() => give(new Error('the other end does not greet')), timeoutMs);
    signal.addEventListener('abort', abandoned);
    line.once('greeted', () => give());
    line.once('closed', (reason) =>
      give(new Error(`closed before it greeted; does it accept this certificate? (${reason})`)),
    );
    if (line.status === 'up') give();
    else if (line.status === 'closed' || signal.aborted) give(new Error('closed before it greeted'));
  });
}
