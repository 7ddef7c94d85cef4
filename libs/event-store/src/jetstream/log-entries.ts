import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { categorySubjects, logEntryCategory, logEntryStream, parseStreamName } from '@caravan/events';
import { hashesPassedOver, PassedOver } from '../passing-over.js';
import { LOG_STREAM } from './log-setup.js';
import type { RawCommit } from './raw-commit.js';
import { messageOf } from './message-of.js';

/**
 * Which entries have no effect, as the log says: all that it says when a consumer begins, and at an entry that cannot be read
 * whatever was said since. One small request at the start; none for an entry that is as it should be.
 */
export class LogEntries {
  readonly passedOver = new PassedOver();
  private readonly manager: Promise<JetStreamManager>;
  private loading: Promise<void> | undefined;

  constructor(nc: NatsConnection, timeoutMs?: number) {
    this.manager = jetstreamManager(nc, { checkAPI: false, ...(timeoutMs !== undefined && { timeout: timeoutMs }) });
    this.manager.catch(() => undefined); // whoever asks is told
  }

  /** Learns all that the log says now. */
  async load(): Promise<void> {
    const { streams } = await this.manager;
    const { state } = await streams.info(LOG_STREAM, { subjects_filter: categorySubjects(logEntryCategory) });
    for (const subject of Object.keys(state.subjects ?? {})) {
      const position = Number(parseStreamName(subject)?.id);
      if (Number.isSafeInteger(position))
        this.passedOver.learn(position, hashesPassedOver(await this.saidOf(position)));
    }
  }

  /** As `load`, once; when that fails, the next call tries again. */
  async loaded(): Promise<void> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** Whether the log says by now that the entry is passed over. */
  async isPassedOver(position: number): Promise<boolean> {
    const entry = await messageOf(await this.manager, { seq: position });
    if (!entry) return false;
    this.passedOver.learn(position, hashesPassedOver(await this.saidOf(position)));
    return this.passedOver.has({ position, bytes: entry.data });
  }

  private async saidOf(position: number): Promise<RawCommit[]> {
    const manager = await this.manager;
    const stream = logEntryStream(position);
    const said: RawCommit[] = [];
    for (let from = 1; ;) {
      const message = await messageOf(manager, { next_by_subj: stream, seq: from });
      if (!message) return said;
      said.push({ stream, position: message.seq, bytes: message.data });
      from = message.seq + 1;
    }
  }
}
