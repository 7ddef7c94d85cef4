import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '../event-registry.js';
import type { DeclaredEvent, EventRegistry } from '../event-registry.js';
import type { Halt } from '../projection/index.js';
import type { RecordedEvent } from '../recorded-event.js';
import { LogError } from '../rejection.js';
import { commitDecoder, haltAt } from './commit-decoder.js';
import { isMissingStream, isPassing, logFailure } from './failures.js';
import { feedLog, logEnd } from './log-feed.js';
import { HaltedError, PositionGate } from './position-gate.js';
import type { RawCommit } from './raw-commit.js';

/** `Item`: what it folds; the events of the log, unless `decode` says otherwise. */
export interface FoldOptions<State, Item = RecordedEvent> {
  readonly nc: NatsConnection;
  /** For messages. */
  readonly name: string;
  /** Where it begins, with `initial` as the state there. Default: at the beginning of the log. */
  readonly after?: { readonly position: number; readonly commitHash: string };
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** The event types that it folds; the default: all of the registry. */
  readonly types?: readonly Pick<DeclaredEvent, 'type'>[];
  /** What it makes of a commit. Default: its events, as `registry` and `types` have them. */
  readonly decode?: (commit: RawCommit) => readonly Item[];
  readonly initial: State;
  /** The state after the event; the given one may be changed and given back. */
  readonly evolve: (state: State, event: Item) => State;
  /**
   * Called with the events that were folded since the last call, only after it has caught up, and awaited before more are
   * folded. What it throws is reported as a problem and has no other consequence.
   */
  readonly changed?: (events: readonly Item[], state: State) => void | Promise<void>;
  /** Awaited after each batch for as long as it catches up: to report how far it is, or to leave time for others. */
  readonly catchingUp?: (position: number) => void | Promise<void>;
  readonly problem?: (error: Error) => void;
  readonly halted?: (error: HaltedError) => void;
}

export type FoldStatus =
  | { readonly status: 'stopped' | 'catching-up' | 'live'; readonly position: number }
  | { readonly status: 'halted'; readonly position: number; readonly halt: Halt };

/**
 * A consumer of the second kind: a function of the log in memory. It catches up before it answers, goes on live, and halts on
 * what it cannot read or fold: its state then stays that of the commit before (`status` says so).
 */
export class Fold<State, Item = RecordedEvent> {
  /** Resolves once everything that was in the log at `start` is folded. @throws HaltedError */
  readonly caughtUp: Promise<void>;
  private readonly gate = new PositionGate();
  private readonly stopping = new AbortController();
  private readonly decode: (commit: RawCommit) => readonly Item[];
  private current: State;
  private phase: 'stopped' | 'catching-up' | 'live' = 'stopped';
  private halt: Halt | undefined;
  private running: Promise<void> = Promise.resolve();
  private resolveCaughtUp: () => void = () => undefined;
  private rejectCaughtUp: (error: Error) => void = () => undefined;

  constructor(private readonly options: FoldOptions<State, Item>) {
    this.decode = options.decode ?? (eventsOf(options) as (commit: RawCommit) => readonly Item[]);
    this.current = options.initial;
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
    const { nc, problem = () => undefined, after } = this.options;
    const begin = after?.position ?? 0;
    this.gate.begin(begin);
    const target = await this.logEndNow(begin, signal);
    if (target === begin) this.live();
    const same = after ? { commitHash: after.commitHash } : {};
    for await (const batch of feedLog({ nc, after: begin, ...same, signal, problem })) {
      const folded: Item[] = [];
      for (const commit of batch) {
        try {
          for (const event of this.decode(commit)) {
            this.current = this.options.evolve(this.current, event);
            folded.push(event);
          }
        } catch (error) {
          return this.stopFor(haltAt(commit, this.position, error), error);
        }
        this.gate.advance(commit.position);
      }
      if (this.phase === 'live') await this.tell(folded);
      else if (this.position >= target) this.live();
      else await this.options.catchingUp?.(this.position);
    }
    this.phase = 'stopped';
    if (!signal.aborted)
      problem(new LogError('log.unavailable', `${this.options.name} ended: its connection was closed`));
  }

  private live(): void {
    this.phase = 'live';
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

  private async logEndNow(after: number, signal: AbortSignal): Promise<number> {
    const manager = await jetstreamManager(this.options.nc, { checkAPI: false });
    for (;;) {
      try {
        return await logEnd(manager, after);
      } catch (error) {
        if (signal.aborted || this.options.nc.isClosed()) return after;
        if (!isPassing(error) && !isMissingStream(error)) throw logFailure(error, 'read the log');
        this.options.problem?.(logFailure(error, 'read the log'));
        await sleep(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private stopFor(halt: Halt, cause: unknown): void {
    this.halt = halt;
    const error = new HaltedError(this.options.name, halt, { cause });
    this.gate.halt(error);
    this.rejectCaughtUp(error);
    this.options.halted?.(error);
  }
}

const eventsOf = ({ registry = eventRegistry(allEvents), types }: Pick<FoldOptions<unknown>, 'registry' | 'types'>) =>
  commitDecoder(registry, types ?? registry.types.values());
