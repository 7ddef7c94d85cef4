import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Rejection } from '@caravan/event-store';
import type { EventRegistry, RecordedEvent } from '@caravan/event-store';
import { Fold, logEndOf } from '@caravan/event-store/jetstream';
import { EVENT_REGISTRY, EVENT_STORE, halted, lookAt, NATS, SERVICE } from '@caravan/platform';
import type { Condition, Service } from '@caravan/platform';
import { DesiredStates } from '../desired-state/index.js';
import { foldedEvents } from '../model/index.js';
import type { LogEvent } from '../model/index.js';
import { Nudges } from '../nudging/index.js';

/** `@Inject(INSTALLATION) installation: string`: the trust domain of all identities. */
export const INSTALLATION = Symbol('installation');

/** How long an answer may wait for the log to be read as far as it must be. */
const WAIT_MS = 5_000;

/** The desired states as far as the log was read: it catches up before anybody is answered, and goes on. */
@Injectable()
export class DesiredStateFold implements OnModuleInit, BeforeApplicationShutdown {
  readonly #fold: Fold<DesiredStates>;
  readonly #logEnd: () => Promise<number>;

  constructor(
    @Inject(NATS) nats: NatsConnection,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(INSTALLATION) installation: string,
    @Inject(EVENT_REGISTRY) registry: EventRegistry,
    @Inject(Nudges) private readonly nudges: Nudges,
    // Injected so that nothing is read from a log that was not checked.
    @Inject(EVENT_STORE) _checked: unknown,
  ) {
    const { log } = service;
    this.#logEnd = logEndOf(nats);
    this.#fold = new Fold<DesiredStates>({
      nc: nats,
      name: service.name,
      registry,
      types: foldedEvents,
      initial: new DesiredStates(installation),
      evolve: (states, event) => this.#take(states, event),
      problem: (error) => log.warn({ err: error }, 'the log is away; what is known is answered'),
      halted: (error) => log.error({ err: error }, 'the log is read no further; what was true before is answered'),
    });
  }

  onModuleInit(): void {
    const { health, name } = this.service;
    health.watch('desired state', () => this.#trouble());
    health.followers.add({ name, kind: 'fold', look: () => lookAt(this.#fold.status) });
    this.#fold.start();
    this.#fold.caughtUp.then(
      () => this.#tellEverybody(),
      () => undefined, // `halted` has said so
    );
  }

  /** Resolves once everything that was in the log at the start is known. Rejects when that will never be. */
  get caughtUp(): Promise<void> {
    return this.#fold.caughtUp;
  }

  /** Resolves once it has caught up or has halted. */
  get begun(): Promise<void> {
    return this.#fold.begun;
  }

  get isHalted(): boolean {
    return this.#fold.status.status === 'halted';
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#fold.stop();
  }

  /** Reads what is known. `position`: up to where. Nothing changes while `read` runs. */
  read<T>(read: (states: DesiredStates, position: number) => T): T {
    return read(this.#fold.state, this.#fold.position);
  }

  /**
   * As `read`, but what is unknown is refused only when the log does not know it either: a replica that is a moment behind must
   * not take a new site for a stranger.
   * @throws Rejection that of `read`, `desired-state.not-ready`
   */
  async readLatest<T>(read: (states: DesiredStates, position: number) => T): Promise<T> {
    try {
      return this.read(read);
    } catch (error) {
      if (!(error instanceof Rejection) || !error.code.endsWith('.unknown')) throw error;
      await this.reachEnd();
      return this.read(read);
    }
  }

  get position(): number {
    return this.#fold.position;
  }

  /**
   * Waits, for 5 s at most, until the log is read up to there.
   * @throws Rejection `desired-state.not-ready`
   */
  async reach(position: number): Promise<void> {
    const trouble = await this.#fold.waitFor(position, WAIT_MS).then(
      (reached) => (reached ? undefined : `the log is read up to ${this.position}, not yet to ${position}`),
      (error: Error) => error.message,
    );
    if (trouble !== undefined) throw notReady(trouble);
  }

  /**
   * Waits, for 5 s at most, until all is known that the log holds now.
   * @throws Rejection `desired-state.not-ready`
   */
  async reachEnd(): Promise<void> {
    const end = await this.#logEnd().catch((error: Error) => {
      throw notReady(`it cannot be seen how far the log goes: ${error.message}`);
    });
    await this.reach(end);
  }

  #take(states: DesiredStates, event: RecordedEvent): DesiredStates {
    // The registry has parsed it as one of the events that it was made of.
    const affected = states.take(event as unknown as LogEvent, event.position, event.at);
    if (this.#fold.status.status === 'live') this.nudges.nudge(affected, event.position);
    return states;
  }

  /**
   * What changed while nobody told it, since the one who would have was killed. A site that knows as much does not ask: none of
   * ten thousand, after an ordinary restart.
   */
  #tellEverybody(): void {
    for (const [siteId, position] of this.#fold.state.lastChanges()) this.nudges.nudge([siteId], position);
  }

  #trouble(): string | Condition | undefined {
    const status = this.#fold.status;
    switch (status.status) {
      case 'stopped':
        return 'does not read the log';
      case 'catching-up':
        return `catches up with the log, at position ${status.position}; sites are not answered yet`;
      case 'halted':
        return halted(status.halt, `Sites are told what was true at ${status.position}, and no further`);
      case 'live':
        return undefined;
    }
  }
}

const notReady = (detail: string) => new Rejection('desired-state.not-ready', { detail: `${detail}. Ask again.` });
