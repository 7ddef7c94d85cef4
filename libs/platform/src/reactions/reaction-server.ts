import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { quarantineSubject } from '@caravan/events';
import type { EventRegistry, Quarantine, ReactionHandler, RecordedEvent } from '@caravan/event-store';
import { ReactionConsumer } from '@caravan/event-store/jetstream';
import type { ReactionOptions } from '@caravan/event-store/jetstream';
import { killPoint } from '@caravan/kill-points';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { Counter } from 'prom-client';
import { isObservable, lastValueFrom } from 'rxjs';
import { lookEvery } from '../lifecycle/look-every.js';
import { answerQuestions } from '../self-report/index.js';
import type { Service } from '../service/index.js';
import { readMessage } from '../site-protocol/wire.js';
import { QuarantineDesk } from './quarantine-desk.js';
import { ReactionContext } from './reaction-context.js';

/** What may be said of each reaction by its name; the rest is the same for all. */
export type ReactionTuning = Pick<
  ReactionOptions,
  'concurrency' | 'ackWaitMs' | 'backoffMs' | 'quarantineAfter' | 'from'
>;

/** `@EventPattern(InvitationClaimed.type, { reaction: 'admission' })` */
export interface ReactionExtras {
  readonly reaction?: string;
}

/** What a killed replica had in hand is handled so much later by another; one that works says so three times as often. */
const ACK_WAIT_MS = 5_000;

const LOOK_EVERY_MS = 2_000;

/** What handlers without a name share. */
const UNNAMED = 'reaction';

/**
 * Nest's event handlers on the log: `@EventPattern(InvitationClaimed.type, { reaction: 'admission' })` is called for
 * each such event, at least once, from the first that ever happened on. What it throws is tried again (`NotYet`, back-off)
 * or put aside (`PermanentFailure`).
 *
 * Each reaction is one durable, `<service>-<reaction>`: one that waits does not hold up another. A new handler in an old
 * reaction misses what is past; give it a reaction of its own.
 */
export class ReactionServer extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  override readonly transportId = Symbol('reactions');
  readonly #reactions = new Map<string, Map<string, MessageHandler[]>>();
  readonly #handled: Counter<'reaction' | 'type' | 'outcome'>;
  readonly #desk: QuarantineDesk;
  #consumers: ReactionConsumer[] = [];
  #stopLooking = (): void => undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly registry: EventRegistry,
    private readonly quarantine: Quarantine,
    private readonly service: Service,
    private readonly tuning: Readonly<Record<string, ReactionTuning>> = {},
  ) {
    super();
    this.#desk = new QuarantineDesk(quarantine, () => this.unwrap());
    this.#handled = new Counter({
      name: 'caravan_reaction_events_total',
      help: 'Events handled by reactions: done, the kind of error when tried again, or quarantined (for commits)',
      labelNames: ['reaction', 'type', 'outcome'],
      registers: [service.metrics],
    });
  }

  /** Only events; requests belong to the site protocol. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEventHandler = false,
    extras: ReactionExtras = {},
  ): void {
    if (!isEventHandler) return;
    const type = String(pattern);
    if (!this.registry.types.has(type)) throw new Error(`there is no event ${type} to react to`);
    const reaction = extras.reaction ?? UNNAMED;
    const handlers = this.#reactions.get(reaction) ?? new Map<string, MessageHandler[]>();
    this.#reactions.set(reaction, handlers);
    handlers.set(type, [...(handlers.get(type) ?? []), handler]);
  }

  listen(started: () => void): void {
    this.#consumers = [...this.#reactions].map(([reaction, handlers]) => this.#consumer(reaction, handlers));
    const { name, health, log } = this.service;
    health.watch('reactions', () => this.#trouble());
    health.watch('quarantine', () => this.#desk.trouble());
    for (const consumer of this.#consumers) {
      consumer.start();
      health.followers.add({ name: consumer.durable, kind: 'reaction', look: () => consumer.look() });
    }
    this.#stopLooking = lookEvery(LOOK_EVERY_MS, () => this.#lookAside());
    const answer = (message: Msg) => this.#desk.answer(readMessage(message.data));
    answerQuestions({ nats: this.nats, subject: quarantineSubject(name), queue: name, log, answer });
    started();
  }

  async close(): Promise<void> {
    this.#stopLooking();
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  on(): void {}

  /** The consumers by durable name, for the repair of what was put aside. */
  unwrap<T = ReadonlyMap<string, ReactionConsumer>>(): T {
    return new Map(
      [...this.#reactions.keys()].map((name, index) => [this.#durable(name), this.#consumers[index]]),
    ) as T;
  }

  #consumer(reaction: string, handlers: ReadonlyMap<string, MessageHandler[]>): ReactionConsumer {
    const { log } = this.service;
    const entries = [...handlers].map(([type, each]): [string, ReactionHandler] => [
      type,
      (event) => this.#react(reaction, each, event),
    ]);
    return new ReactionConsumer({
      ackWaitMs: ACK_WAIT_MS,
      ...this.tuning[reaction],
      nc: this.nats,
      durable: this.#durable(reaction),
      registry: this.registry,
      quarantine: this.quarantine,
      handlers: entries,
      problem: (error) => log.warn({ reaction, err: error }, 'reaction goes on after a failure'),
      quarantined: ({ stream, position, reason }) => {
        void this.#lookAside();
        this.#handled.inc({ reaction, type: '', outcome: 'quarantined' });
        log.error({ reaction, stream, position, reason }, 'put into quarantine: it needs a person');
      },
    });
  }

  async #react(reaction: string, handlers: readonly MessageHandler[], event: RecordedEvent): Promise<void> {
    const { type } = event;
    try {
      for (const handle of handlers) await settled(await handle(event.data, new ReactionContext([event])));
      if (killPoint) await killPoint('reaction.done', `${this.#durable(reaction)} ${type}`);
      this.#handled.inc({ reaction, type, outcome: 'done' });
    } catch (error) {
      this.#handled.inc({ reaction, type, outcome: error instanceof Error ? error.name : 'failed' });
      throw error;
    }
  }

  async #lookAside(): Promise<void> {
    await this.#desk.look().catch(() => undefined); // a database that is away says so itself, and is asked again
  }

  #durable(reaction: string): string {
    return `${this.service.name}-${reaction}`;
  }

  #trouble(): string | undefined {
    const failing = this.#consumers.flatMap((consumer) => consumer.failing);
    const first = failing[0];
    if (!first) return undefined;
    const more = failing.length > 1 ? `, and ${failing.length - 1} more` : '';
    return `position ${first.position} (${first.stream}) fails, attempt ${first.attempts}: ${first.reason}${more}`;
  }
}

const settled = async (result: unknown): Promise<void> => {
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
};
