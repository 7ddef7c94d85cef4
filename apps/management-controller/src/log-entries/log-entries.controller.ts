import { Controller, Inject } from '@nestjs/common';
import { getLogEntry, passOverLogEntry } from '@caravan/api';
import type { LogEntry } from '@caravan/api';
import { logEntryStream } from '@caravan/events';
import { commitHash, PoisonError, Rejection } from '@caravan/event-store';
import type { EventRegistry, EventStore } from '@caravan/event-store';
import { entryAt } from '@caravan/event-store/jetstream';
import { EVENT_REGISTRY, EVENT_STORE, NATS } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';

const MOST_TEXT = 2_000;

/** One entry of the log as it lies there, and what may be decided about one that cannot be read. */
@Controller()
export class LogEntriesController {
  constructor(
    private readonly deciders: Deciders,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(EVENT_REGISTRY) private readonly registry: EventRegistry,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Handle(getLogEntry)
  async show(@TheCall() { query: { position } }: Call<typeof getLogEntry>): Promise<LogEntry> {
    const { bytes, ...entry } = await this.find(position);
    const { events } = await this.store.read(logEntryStream(position));
    const last = events.at(-1);
    const { metadata } = last ?? {};
    return {
      ...entry,
      bytes: bytes.length,
      text: new TextDecoder().decode(bytes.subarray(0, MOST_TEXT)),
      passedOver:
        last && metadata
          ? {
              position: last.position,
              at: last.at,
              by: `${metadata.actor.kind} ${metadata.actor.id}`,
              reason: metadata.reason ?? null,
            }
          : null,
    };
  }

  @Handle(passOverLogEntry)
  async passOver(@TheCall() { body, metadata }: Call<typeof passOverLogEntry>) {
    const { position, reason, evenNewer = false } = body;
    const { bytes: _, ...entry } = await this.find(position);
    const because = { ...metadata, reason };
    const done = await this.deciders.logEntry({ type: 'PassOverLogEntry', ...entry, evenNewer, metadata: because });
    return new Written(done.position);
  }

  private async find(position: number) {
    const entry = await entryAt(this.nats, position);
    if (!entry) {
      throw new Rejection('log-entry.not-found', { detail: `The log has nothing at position ${position}.`, position });
    }
    const { stream, bytes } = entry;
    return { position, stream, bytes, hash: commitHash(bytes), ...this.judged(stream, position, bytes) };
  }

  private judged(stream: string, position: number, bytes: Uint8Array): { problem: string | null; newer: boolean } {
    try {
      this.registry.decode(stream, position, bytes);
      return { problem: null, newer: false };
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      return { problem: error.reason, newer: error.newer };
    }
  }
}
