import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerMessages, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '../event-registry.js';
import type { EventRegistry } from '../event-registry.js';
import { NotYet, PermanentFailure } from '../reaction.js';
import type { Quarantine, Quarantined, ReactionHandler } from '../reaction.js';
import type { RecordedEvent } from '../recorded-event.js';
import { LogError, PoisonError } from '../rejection.js';
import { abortable } from './abortable.js';
import { commitDecoder } from './commit-decoder.js';
import { logFailure } from './failures.js';
import { LOG_STREAM } from './log-setup.js';
import { LogEntries } from './log-entries.js';
import { entryAt } from './log-view.js';
import type { RawCommit } from './raw-commit.js';
import { addReactionConsumer } from './reaction-durable.js';
import { ReactionTurns } from './reaction-turns.js';
import type { Outcome } from './reaction-turns.js';

export interface ReactionOptions {
  readonly nc: NatsConnection;
  /** One for each group of handlers of one service, shared by its replicas: `<service>-<what it does>`. */
  readonly durable: string;
  /** By event type, see `reactTo`. Their aggregates are what the durable is filtered by. */
  readonly handlers: Iterable<readonly [string, ReactionHandler]>;
  readonly quarantine: Quarantine;
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** Where a durable that is made now begins. Default: at the beginning of the log. */
  readonly from?: 'beginning' | 'now';
  /** How many streams are worked on at once. Default 16. */
  readonly concurrency?: number;
  /** How long the server waits for a sign of life before it gives a commit to another replica. Default 30 s. */
  readonly ackWaitMs?: number;
  /** The delay after the first failure, doubled by each further one up to the longest. Default 250 ms and 60 s. */
  readonly backoffMs?: { readonly first: number; readonly longest: number };
  /** Failures (as this process counts them) after which a commit goes to quarantine. Default: never, it is tried for ever. */
  readonly quarantineAfter?: number;
  readonly problem?: (error: Error) => void;
  readonly quarantined?: (entry: Quarantined) => void;
}

/** A commit that is tried again and again. */
export interface Failing {
  readonly stream: string;
  readonly position: number;
  readonly attempts: number;
  readonly reason: string;
}

const FETCH_MS = 10_000;
const LOOK_WITHIN_MS = 2_000;
const HELD_MS = 5_000;

/**
 * A consumer of the third kind: a durable that replicas share, acknowledged after the effect. Failures are tried again with a
 * growing delay, poison is recorded in the quarantine and passed. One message is one commit: when its second event fails, the
 * first is handled again too.
 */
export class ReactionConsumer {
  private readonly handlers: ReadonlyMap<string, ReactionHandler>;
  private readonly registry: EventRegistry;
  private readonly decode: (commit: RawCommit) => readonly RecordedEvent[];
  private readonly turns: ReactionTurns;
  private readonly concurrency: number;
  private readonly ackWaitMs: number;
  private readonly stopping = new AbortController();
  private readonly atHand = new Set<JsMsg>();
  private readonly failures = new Map<number, Failing>();
  private readonly entries: LogEntries;
  private fetching: ConsumerMessages | undefined;
  private running: Promise<void> = Promise.resolve();
  private madeRoom: () => void = () => undefined;

  constructor(private readonly options: ReactionOptions) {
    this.handlers = new Map(options.handlers);
    this.registry = options.registry ?? eventRegistry(allEvents);
    this.entries = new LogEntries(options.nc);
    this.decode = commitDecoder(
      this.registry,
      [...this.handlers.keys()].map((type) => ({ type })),
      this.entries.passedOver,
    );
    this.concurrency = options.concurrency ?? 16;
    this.ackWaitMs = options.ackWaitMs ?? 30_000;
    this.turns = new ReactionTurns(this.concurrency);
  }

  /** What fails at this replica, by position. */
  get failing(): readonly Failing[] {
    return [...this.failures.values()].sort((a, b) => a.position - b.position);
  }

  get durable(): string {
    return this.options.durable;
  }

  /** How far it is, over all replicas; needs permission to ask about its own durable. @throws LogError */
  async look(): Promise<{ status: 'running'; position: number; waiting: number }> {
    const manager = await jetstreamManager(this.options.nc, { checkAPI: false, timeout: LOOK_WITHIN_MS });
    const info = await manager.consumers.info(LOG_STREAM, this.durable).catch((error: unknown) => {
      throw logFailure(error, `look how far ${this.durable} is`);
    });
    const { num_pending, num_ack_pending, ack_floor } = info;
    return { status: 'running', position: ack_floor.stream_seq, waiting: num_pending + num_ack_pending };
  }

  start(): this {
    this.running = this.run();
    return this;
  }

  /** Takes no more, waits for the handlers that run, and gives the rest back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.fetching?.stop();
    this.madeRoom();
    await this.running;
  }

  /**
   * Handles a commit of the quarantine once more, in a repair. It stays there: whoever repairs takes it out. One that the log
   * says to pass over needs no handling.
   * @throws what the handler throws; PoisonError.
   */
  async handleAgain(position: number): Promise<void> {
    const commit = await entryAt(this.options.nc, position);
    if (!commit) throw new LogError('log.missing', `the log has nothing at position ${position}`, { position });
    await this.entries.isPassedOver(position).catch((error: unknown) => {
      throw logFailure(error, `see whether position ${position} is passed over`);
    });
    let failure: unknown;
    await this.turns.run(commit.stream, () => this.handle(commit).catch((error: unknown) => void (failure = error)));
    if (failure !== undefined) throw failure as Error;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const alive = setInterval(() => this.atHand.forEach((message) => message.working()), this.ackWaitMs / 3);
    const turns = new Set<Promise<void>>();
    for (let failures = 0; !signal.aborted && !this.options.nc.isClosed();) {
      try {
        for await (const message of this.messages(signal)) {
          failures = 0;
          const turn = this.take(message).finally(() => turns.delete(turn));
          turns.add(turn);
        }
      } catch (error) {
        if (signal.aborted) break;
        this.options.problem?.(logFailure(error, `react as ${this.options.durable}`));
        await sleep(Math.min(5_000, 100 * 2 ** failures++), undefined, { signal }).catch(() => undefined);
      }
    }
    await Promise.all(turns);
    clearInterval(alive);
  }

  /** Never more than there is room for: what waits here is kept from other replicas. */
  private async *messages(signal: AbortSignal): AsyncGenerator<JsMsg> {
    const { nc } = this.options;
    const manager: JetStreamManager = await jetstreamManager(nc, { checkAPI: false });
    await abortable(this.entries.load(), signal);
    const adding = addReactionConsumer(manager, {
      durable: this.options.durable,
      registry: this.registry,
      types: [...this.handlers.keys()],
      from: this.options.from ?? 'beginning',
      ackWaitMs: this.ackWaitMs,
    });
    const info = await abortable(adding, signal);
    const consumer = jetstream(nc).consumers.getConsumerFromInfo(info);
    while (!signal.aborted && !nc.isClosed()) {
      const room = this.concurrency * 2 - this.atHand.size;
      if (room <= 0) {
        await new Promise<void>((resolve) => (this.madeRoom = resolve));
        continue;
      }
      // `bind`: without the permission to look at consumers.
      this.fetching = await consumer.fetch({ max_messages: room, expires: FETCH_MS, bind: true });
      yield* this.fetching;
    }
  }

  private async take(message: JsMsg): Promise<void> {
    this.atHand.add(message);
    await this.turns.run(message.subject, () => this.settle(message));
    this.atHand.delete(message);
    this.madeRoom();
  }

  private async settle(message: JsMsg): Promise<void> {
    const commit = { stream: message.subject, position: message.seq, bytes: message.data };
    const { stream, position } = commit;
    const wait = this.turns.waitMs(stream, position, Date.now());
    if (this.stopping.signal.aborted || wait > 0) return message.nak(wait);
    const outcome = await this.quarantinedIfPoison(commit, await this.outcomeOf(commit));
    if (outcome.kind === 'again') {
      this.turns.hold(stream, position, Date.now() + outcome.inMs);
      return message.nak(outcome.inMs);
    }
    this.turns.release(stream, position);
    this.failures.delete(position);
    message.ack();
  }

  private async handle(commit: RawCommit): Promise<void> {
    for (const event of this.decode(commit)) await this.handlers.get(event.type)!(event);
  }

  private async outcomeOf(commit: RawCommit): Promise<Outcome> {
    try {
      await this.handle(commit);
      return { kind: 'done' };
    } catch (error) {
      // One that a handler met elsewhere is repaired there; then this one is handled.
      if (error instanceof PoisonError && error.position === commit.position) return this.poisoned(commit, error);
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof PermanentFailure) return { kind: 'poison', reason };
      if (error instanceof NotYet) return { kind: 'again', inMs: error.delayMs, reason, failed: false };
      return this.hindered(commit, error, reason);
    }
  }

  private hindered(commit: RawCommit, error: unknown, reason: string): Outcome {
    // Nobody may write until the log is repaired: no failure of the reaction, and none of the commit.
    if (error instanceof LogError && error.code === 'log.diverged') {
      return { kind: 'again', inMs: HELD_MS, reason, failed: false };
    }
    return this.failed(commit, reason);
  }

  private async poisoned(commit: RawCommit, { reason }: PoisonError): Promise<Outcome> {
    try {
      const passed = await this.entries.isPassedOver(commit.position);
      return passed ? { kind: 'done' } : { kind: 'poison', reason };
    } catch (error) {
      return this.failed(commit, `${reason}; whether it is passed over is not known: ${(error as Error).message}`);
    }
  }

  private failed({ stream, position }: RawCommit, reason: string): Outcome {
    const attempts = (this.failures.get(position)?.attempts ?? 0) + 1;
    this.failures.set(position, { stream, position, attempts, reason });
    const { problem, durable, quarantineAfter = Infinity, backoffMs = { first: 250, longest: 60_000 } } = this.options;
    problem?.(new Error(`${durable} failed at position ${position} (${stream}), attempt ${attempts}: ${reason}`));
    if (attempts >= quarantineAfter) return { kind: 'poison', reason: `${attempts} failures, the last: ${reason}` };
    const longest = Math.min(backoffMs.longest, backoffMs.first * 2 ** (attempts - 1));
    return { kind: 'again', inMs: Math.round(longest * (0.8 + Math.random() * 0.2)), reason, failed: true };
  }

  /** Recorded first, passed then: a quarantine that is away makes it a failure like others. */
  private async quarantinedIfPoison(commit: RawCommit, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'poison') return outcome;
    const { stream, position } = commit;
    const entry: Quarantined = { reaction: this.options.durable, stream, position, reason: outcome.reason };
    try {
      await this.options.quarantine.record(entry);
    } catch (error) {
      const why = `it belongs to quarantine (${outcome.reason}), which fails: ${(error as Error).message}`;
      const retry = this.hindered(commit, error, why);
      return retry.kind === 'again' ? retry : { kind: 'again', inMs: HELD_MS, reason: why, failed: true };
    }
    this.options.quarantined?.(entry);
    return outcome;
  }
}
