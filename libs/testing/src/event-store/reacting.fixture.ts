import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import type { NatsConnection } from '@nats-io/nats-core';
import { eventRegistry, handleCommand, InMemoryQuarantine, reactTo } from '@caravan/event-store';
import { ensureLog, JetStreamEventStore, ReactionConsumer } from '@caravan/event-store/jetstream';
import type { ReactionOptions } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { launchNats } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream, NoteWritten } from './index.js';

export const registry = eventRegistry(notebookEvents);

const handlerOn = (nc: NatsConnection) =>
  handleCommand({
    store: new JetStreamEventStore(nc, { registry }),
    decider: notebook,
    stream: ({ notebookId }) => notebookStream(notebookId),
  });

/** Before each test of a file: a log of notebooks on a real nats-server, and nobody who reacts to it yet. */
export class Reacting {
  nats!: TestNats;
  nc!: NatsConnection;
  quarantine!: InMemoryQuarantine;
  handle!: ReturnType<typeof handlerOn>;
  /** The texts that were handled. */
  handled: string[] = [];
  problems: string[] = [];
  /** Those who react; they are stopped after the test. */
  readonly #consumers: ReactionConsumer[] = [];

  constructor() {
    beforeEach(async () => {
      this.nats = await launchNats({ jetstream: true });
      this.nc = await this.nats.connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
      await ensureLog(this.nc);
      this.handle = handlerOn(this.nc);
      [this.quarantine, this.handled, this.problems] = [new InMemoryQuarantine(), [], []];
    });
    afterEach(async () => {
      await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.stop()));
      await this.nats.stop();
    });
  }

  /** @returns where in the log it is */
  readonly write = async (notebookId: string, text: string): Promise<number> => {
    const metadata = commandMetadata({ commandId: randomUUID() });
    return (await this.handle({ type: 'WriteNote', notebookId, noteId: text, text, metadata })).position;
  };

  readonly react = (
    handler: (text: string) => Promise<void> | void = () => undefined,
    more: Partial<ReactionOptions> = {},
  ): ReactionConsumer => {
    const consumer = new ReactionConsumer({
      nc: this.nc,
      durable: 'spec-notes',
      registry,
      quarantine: this.quarantine,
      backoffMs: { first: 50, longest: 400 },
      problem: (error) => this.problems.push(error.message),
      handlers: [
        reactTo(NoteWritten, async ({ data: { text } }) => {
          await handler(text);
          this.handled.push(text);
        }),
      ],
      ...more,
    });
    this.#consumers.push(consumer);
    return consumer.start();
  };

  readonly until = (what: string, met: () => boolean | Promise<boolean>): Promise<true> =>
    eventually(() => `${what}; handled ${JSON.stringify(this.handled)}, ${this.problems.join()}`, met, { everyMs: 10 });
}
