import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '../event-registry.js';
import type { EventRegistry } from '../event-registry.js';
import { UnfitRowError } from '../projection/index.js';
import type { Halt, Projection, ProjectionRequest, ProjectionSession, ProjectionStore } from '../projection/index.js';
import { LogError } from '../rejection.js';
import { abortable } from './abortable.js';
import { haltAt } from './commit-decoder.js';
import { LogEntries } from './log-entries.js';
import { logEndOf } from './log-end.js';
import { feedLog } from './log-feed.js';
import { Nap } from './nap.js';
import { HaltedError, PositionGate } from './position-gate.js';
import { Halting, projectionBatches, writeBatches } from './projection-batches.js';
import type { Prepare, Prepared } from './projection-batches.js';

export interface ProjectionRunnerOptions {
  readonly nc: NatsConnection;
  /** For messages; the store knows the name of its checkpoint. */
  readonly name: string;
  readonly projections: readonly Projection[];
  readonly store: ProjectionStore;
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** At most so many commits in one transaction. Default 2,000. */
  readonly batch?: number;
  /** How often a standby tries to become the owner, and an owner looks for requests. Default 500 ms. */
  readonly lookMs?: number;
  /** Told of what passes: an outage, a lost ownership. It goes on by itself. */
  readonly problem?: (error: Error) => void;
  readonly halted?: (error: HaltedError) => void;
}

export type ProjectionStatus =
  | { readonly status: 'stopped' | 'standby' | 'running' | 'rebuilding'; readonly position: number }
  | { readonly status: 'halted'; readonly position: number; readonly halt: Halt };

/** Few enough to be garbage before they count as old. */
const REBUILD_BATCH = 1_000;
/** How often one that cannot read a commit looks whether the log says by now to pass it over. */
const LOOK_AGAIN_MS = 2_000;

/**
 * A consumer of the first kind: rows that are a function of the log. One process owns them, others stand by. Rows and
 * checkpoint change in one transaction, so nothing has its effect twice or not at all. It never skips by itself: what it cannot
 * read or write halts it, visibly, until the log says that it is passed over, or somebody asks it to resume, to rebuild, or
 * restarts it.
 */
export class ProjectionRunner {
  private readonly gate = new PositionGate();
  private readonly stopping = new AbortController();
  private readonly prepare: Prepare;
  private readonly lookMs: number;
  private readonly entries: LogEntries;
  private readonly logEnd: () => Promise<number>;
  private phase: 'stopped' | 'standby' | 'running' | 'rebuilding' = 'stopped';
  private halt: Halt | undefined;
  private running: Promise<void> = Promise.resolve();
  /** Between two looks for a request (as the owner) or at the position (standing by). */
  private readonly looking = new Nap();

  constructor(private readonly options: ProjectionRunnerOptions) {
    this.entries = new LogEntries(options.nc);
    this.logEnd = logEndOf(options.nc);
    const registry = options.registry ?? eventRegistry(allEvents);
    this.prepare = projectionBatches(registry, options.projections, this.entries.passedOver);
    this.lookMs = options.lookMs ?? 500;
    this.gate.onWait = () => this.looking.wake();
  }

  get status(): ProjectionStatus {
    const position = this.position();
    return this.halt ? { status: 'halted', position, halt: this.halt } : { status: this.phase, position };
  }

  /** What the rows are up to, as this process knows; a standby looks now and then, and closely while somebody waits. */
  position(): number {
    return this.gate.position;
  }

  /** Whether the rows are up to the position within `timeoutMs`, at an owner and at a standby. @throws HaltedError */
  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.gate.waitFor(position, timeoutMs);
  }

  /** Whether the rows know, within `timeoutMs`, all that the log holds now. @throws HaltedError */
  async reachEnd(timeoutMs: number): Promise<boolean> {
    return this.waitFor(await this.logEnd(), timeoutMs);
  }

  start(): this {
    this.phase = 'standby';
    this.running = this.run();
    return this;
  }

  /** Ends it after the transaction that is under way, and lets another process take over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Has all rows made anew from the log by whoever owns them; readers see the old ones until the new ones are complete.
   * Resolves when that is done. @throws HaltedError when the log cannot be read to its end.
   */
  async rebuild({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { store, name } = this.options;
    const { rebuilds } = await store.state();
    await store.request('rebuild');
    this.looking.wake();
    for (;;) {
      const state = await store.state();
      if (state.rebuilds > rebuilds) return;
      if (state.request === null && state.halt) throw new HaltedError(name, state.halt);
      await sleep(Math.min(50, this.lookMs), undefined, signal ? { signal } : {});
    }
  }

  /** Has a halted projection try again, whoever owns it. */
  async resume(): Promise<void> {
    await this.options.store.request('resume');
    this.looking.wake();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted && !this.options.nc.isClosed();) {
      let session: ProjectionSession | undefined;
      try {
        session = await this.options.store.own();
        if (session) await this.work(session, AbortSignal.any([signal, session.lost]));
        else await this.standBy(signal);
        failures = 0;
      } catch (error) {
        if (!signal.aborted) this.options.problem?.(error as Error);
        await sleep(Math.min(5_000, 100 * 2 ** failures++), undefined, { signal }).catch(() => undefined);
      } finally {
        await session?.release();
        this.phase = 'standby';
      }
    }
    this.phase = 'stopped';
  }

  /** Until it is time to try for the ownership again. */
  private async standBy(signal: AbortSignal): Promise<void> {
    for (const until = performance.now() + this.lookMs; performance.now() < until && !signal.aborted;) {
      const { position, halt } = await this.options.store.state();
      this.setHalt(halt ?? undefined, false);
      // Further back than it was: the database was restored under it.
      if (position < this.gate.position) this.gate.begin(position);
      else this.gate.advance(position);
      await this.looking.take(this.gate.waiting ? 20 : this.lookMs, signal);
    }
  }

  /** As the owner, until the signal aborts. */
  private async work(session: ProjectionSession, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.options.nc.isClosed()) {
      let underWay: ProjectionRequest | undefined;
      try {
        if ((await this.options.store.state()).request === 'rebuild') {
          underWay = 'rebuild';
          await this.rebuildNow(session, signal);
          underWay = undefined;
        } else await session.resume();
        await this.follow(session, signal);
      } catch (error) {
        const halt = haltOf(error, this.position());
        if (!halt) throw error;
        if (await this.isPassedOver(halt)) continue;
        await session.halt(halt, underWay);
        this.setHalt(halt, true);
        await this.repaired(halt, signal);
      }
    }
  }

  private async follow(session: ProjectionSession, signal: AbortSignal): Promise<void> {
    const { nc, problem = () => undefined, batch: most = 2_000 } = this.options;
    await abortable(this.entries.load(), signal);
    const { position, commitHash } = await session.checkpoint();
    this.phase = 'running';
    this.gate.begin(position);
    const ending = new AbortController();
    const untilThen = AbortSignal.any([signal, ending.signal]);
    void this.requested(untilThen).then(() => ending.abort());
    try {
      const feed = feedLog({ nc, after: position, commitHash, most, signal: untilThen, problem });
      await writeBatches(
        feed,
        this.prepare,
        (prepared) => this.write(session, prepared),
        () => ending.abort(),
      );
    } finally {
      ending.abort();
    }
  }

  private async write(session: ProjectionSession, { batch, commits }: Prepared): Promise<void> {
    if (!batch) return;
    try {
      await session.write(batch);
    } catch (error) {
      if (!(error instanceof UnfitRowError)) throw error;
      if (commits.length === 1) throw new Halting(haltAt(commits[0], this.position(), error));
      // One of them does not fit: one by one it shows which, and those before it are written.
      for (const commit of commits) await this.write(session, this.prepare([commit], this.position()));
      return;
    }
    this.setHalt(undefined, false);
    this.gate.advance(batch.to.position);
  }

  private async rebuildNow(session: ProjectionSession, signal: AbortSignal): Promise<void> {
    const { nc, problem = () => undefined } = this.options;
    await abortable(this.entries.load(), signal);
    const target = await abortable(this.logEnd(), signal);
    this.phase = 'rebuilding';
    this.setHalt(undefined, false);
    await session.rebuild(async (write) => {
      if (target === 0) return;
      const ending = new AbortController();
      let reached = 0;
      await writeBatches(
        feedLog({ nc, after: 0, most: REBUILD_BATCH, signal: AbortSignal.any([signal, ending.signal]), problem }),
        this.prepare,
        async ({ batch }) => {
          if (!batch) return;
          await write(batch);
          reached = batch.to.position;
          if (reached >= target) ending.abort();
        },
        () => ending.abort(),
      );
      if (reached < target) throw new LogError('log.unavailable', `the rebuild broke off at ${reached} of ${target}`);
    });
  }

  /** Resolves when somebody asks for something, or when the signal aborts. */
  private async requested(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.looking.take(this.lookMs, signal);
      if (signal.aborted) break;
      const request = await this.options.store.state().then(
        (state) => state.request,
        () => null, // the session notices an outage by itself
      );
      if (request) return;
    }
  }

  /** Resolves when a halted one may try again: it was asked to, or the log says to pass over what it cannot read. */
  private async repaired(halt: Halt, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const untilThen = AbortSignal.any([signal, ending.signal]);
    const passing = (async () => {
      while (!untilThen.aborted && !(await this.isPassedOver(halt))) {
        await sleep(LOOK_AGAIN_MS, undefined, { signal: untilThen }).catch(() => undefined);
      }
    })();
    await Promise.race([this.requested(untilThen), passing]);
    ending.abort();
  }

  private async isPassedOver({ kind, position }: Halt): Promise<boolean> {
    if (kind !== 'garbled' && kind !== 'newer') return false;
    // A log that is away cannot say so; it is asked again.
    return this.entries.isPassedOver(position).catch(() => false);
  }

  private setHalt(halt: Halt | undefined, told: boolean): void {
    this.halt = halt;
    const error = halt && new HaltedError(this.options.name, halt);
    this.gate.halt(error);
    if (error && told) this.options.halted?.(error);
  }
}

/** Why it must stop for good; undefined for what may pass. */
function haltOf(error: unknown, position: number): Halt | undefined {
  if (error instanceof Halting) return error.halt;
  if (error instanceof UnfitRowError) return haltAt(undefined, position, error);
  if (error instanceof LogError && error.code !== 'log.unavailable') return haltAt(undefined, position, error);
  return undefined;
}
