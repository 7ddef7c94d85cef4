import { setTimeout as sleep } from 'node:timers/promises';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '../event-registry.js';
import type { Halt } from '../projection/index.js';
import type { RecordedEvent } from '../recorded-event.js';
import { commitHash } from '../commit-bytes.js';
import { PassedOver } from '../passing-over.js';
import { LogError, PoisonError } from '../rejection.js';
import { abortable } from './abortable.js';
import { commitDecoder, haltAt } from './commit-decoder.js';
import { isMissingStream, isPassing, logFailure } from './failures.js';
import { LogEntries } from './log-entries.js';
import { logEndOf } from './log-end.js';
import { feedLog } from './log-feed.js';
import type { FoldOptions, FoldStatus } from './fold-options.js';
import { HaltedError, PositionGate } from './position-gate.js';
import type { RawCommit } from './raw-commit.js';

/** Behind a commit, with its hash where that is known. */
interface Place {
  readonly position: number;
  readonly hash: string | undefined;
}

/** How often one that cannot read a commit looks whether the log says by now to pass it over. */
const LOOK_AGAIN_MS = 2_000;

/**
 * A consumer of the second kind: a function of the log in memory. It catches up before it answers, goes on live, and halts on
 * what it cannot read or fold: its state then stays that of the commit before (`status` says so). What it cannot read, the log
 * may say to pass over: then it goes on by itself. What it cannot fold is a fault of this program, and halts it for good.
 */
export class Fold<State, Item = RecordedEvent> {
  /** Resolves once everything that was in the log at `start` is folded. @throws HaltedError when that will never be. */
  readonly caughtUp: Promise<void>;
  /** Resolves once it has caught up or has halted: until then nobody can tell which it will be. */
  readonly begun: Promise<void>;
  private readonly gate = new PositionGate();
  private readonly stopping = new AbortController();
  private readonly decode: (commit: RawCommit) => readonly Item[];
  private current: State;
  private phase: 'stopped' | 'catching-up' | 'live' = 'stopped';
  private halt: Halt | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly entries: LogEntries | undefined;
  private resolveBegun: () => void = () => undefined;
  private resolveCaughtUp: () => void = () => undefined;
  private rejectCaughtUp: (error: Error) => void = () => undefined;

  constructor(private readonly options: FoldOptions<State, Item>) {
    // Whoever decodes by itself says by itself what it cannot do with a commit.
    this.entries = options.decode ? undefined : new LogEntries(options.nc);
    const { registry = eventRegistry(allEvents), types = registry.types.values() } = options;
    const events = commitDecoder(registry, types, this.entries?.passedOver ?? new PassedOver());
    this.decode = options.decode ?? (events as (commit: RawCommit) => readonly Item[]);
    this.current = options.initial;
    this.begun = new Promise((resolve) => (this.resolveBegun = resolve));
    this.caughtUp = new Promise((resolve, reject) => {
      this.resolveCaughtUp = resolve;
      this.rejectCaughtUp = reject;
    });
    this.caughtUp.catch(() => undefined); // told by `halted` as well
  }

  /** @throws LogError `log.behind` before it has caught up. */
  get state(): State {
    if (this.phase === 'live') return this.current;
    if (this.phase === 'stopped') throw new LogError('log.unavailable', `${this.options.name} is not running`);
    throw new LogError('log.behind', `${this.options.name} has not caught up with the log yet: ask again`);
  }

  get position(): number {
    return this.gate.position;
  }

  get status(): FoldStatus {
    const { position } = this;
    return this.halt ? { status: 'halted', position, halt: this.halt } : { status: this.phase, position };
  }

  /** Whether everything up to the position is folded within `timeoutMs`. @throws HaltedError */
  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.gate.waitFor(position, timeoutMs);
  }

  start(): this {
    this.phase = 'catching-up';
    this.running = this.run().catch((error: unknown) => this.stopFor(haltAt(undefined, this.position, error), error));
    return this;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { nc, problem, after } = this.options;
    const begin = after?.position ?? 0;
    this.gate.begin(begin);
    await this.patiently(() => this.entries?.load(), undefined);
    const logEnd = logEndOf(nc);
    const target = await this.patiently(() => logEnd(begin), begin);
    if (target === begin) this.live();
    let from: Place | undefined = { position: begin, hash: after?.commitHash };
    while (from && !signal.aborted) from = await this.follow(from, target);
    if (!this.halt) this.phase = 'stopped'; // halted, what it knows stays what it is
    if (this.halt || signal.aborted) return;
    problem?.(new LogError('log.unavailable', `${this.options.name} ended: its connection was closed`));
  }

  /** Folds behind a commit until it is stopped; or gives, when one was passed over, the commit to go on behind. */
  private async follow(from: Place, target: number): Promise<Place | undefined> {
    const { signal } = this.stopping;
    const { nc, problem = () => undefined } = this.options;
    const same = from.hash === undefined ? {} : { commitHash: from.hash };
    let last: RawCommit | undefined;
    for await (const batch of feedLog({ nc, after: from.position, ...same, signal, problem })) {
      const folded: Item[] = [];
      for (const commit of batch) {
        try {
          for (const event of this.decode(commit)) {
            this.current = this.options.evolve(this.current, event);
            folded.push(event);
          }
        } catch (error) {
          const halt = haltAt(commit, this.position, error);
          if (!(error instanceof PoisonError)) return this.stopFor(halt, error);
          if (this.phase === 'live') await this.tell(folded);
          await this.untilPassedOver(halt, error);
          return last ? { position: last.position, hash: commitHash(last.bytes) } : from;
        }
        last = commit;
        this.gate.advance(commit.position);
      }
      if (this.phase === 'live') await this.tell(folded);
      else if (this.position >= target) this.live();
      else await this.options.catchingUp?.(this.position);
    }
    return undefined;
  }

  private async untilPassedOver(halt: Halt, cause: PoisonError): Promise<void> {
    const { signal } = this.stopping;
    // A log that is away cannot say so; it is asked again.
    const isPassedOver = async () => this.entries?.isPassedOver(halt.position).catch(() => false);
    while (!signal.aborted && !(await isPassedOver())) {
      if (!this.halt) this.haltFor(halt, cause);
      await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted || !this.halt) return;
    this.halt = undefined;
    this.gate.halt(undefined);
    this.options.resumed?.();
  }

  private live(): void {
    this.phase = 'live';
    this.resolveBegun();
    this.resolveCaughtUp();
  }

  private async tell(events: readonly Item[]): Promise<void> {
    if (events.length === 0) return;
    try {
      await this.options.changed?.(events, this.current);
    } catch (error) {
      this.options.problem?.(error as Error);
    }
  }

  /** Asks the log until it answers; `otherwise` when it is stopped before. */
  private async patiently<T>(ask: () => Promise<T> | undefined, otherwise: T): Promise<T> {
    const { signal } = this.stopping;
    for (;;) {
      try {
        return (await abortable(Promise.resolve(ask()), signal)) ?? otherwise;
      } catch (error) {
        if (signal.aborted || this.options.nc.isClosed()) return otherwise;
        if (!isPassing(error) && !isMissingStream(error)) throw logFailure(error, 'read the log');
        this.options.problem?.(logFailure(error, 'read the log'));
        await sleep(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private haltFor(halt: Halt, cause: unknown): HaltedError {
    this.halt = halt;
    const error = new HaltedError(this.options.name, halt, { cause });
    this.gate.halt(error);
    this.resolveBegun();
    this.options.halted?.(error);
    return error;
  }

  private stopFor(halt: Halt, cause: unknown): undefined {
    this.rejectCaughtUp(this.haltFor(halt, cause));
  }
}
