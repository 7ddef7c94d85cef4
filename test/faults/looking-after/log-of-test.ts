import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { LOG_STREAM } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Commit, StreamName } from '@caravan/events';

/** The log, past everything that guards it: as somebody with the credentials of a service sees and writes it. */
export class LogOfTest {
  constructor(private readonly nats: NatsConnection) {}

  close(): Promise<void> {
    return this.nats.close();
  }

  async publish(stream: StreamName, text: string): Promise<{ stream: StreamName; position: number }> {
    return { stream, position: (await jetstream(this.nats).publish(stream, text)).seq };
  }

  /** An event in an envelope that is in order. */
  publishEvent(stream: StreamName, event: { readonly type: string; readonly version: number }) {
    const commit: Commit = {
      format: 1,
      commandId: `${event.type} ${stream}`,
      actor: { kind: 'service', id: 'test' },
      via: 'admin',
      source: 'test',
      correlationId: 'test',
      causationId: 'test',
      ownerGroup: null,
      previous: null,
      at: new Date().toISOString(),
      events: [{ ...event, data: { surprise: true } }],
    };
    return this.publish(stream, JSON.stringify(commit));
  }

  /** How many entries each stream has. */
  async subjects(filter: string): Promise<Record<string, number>> {
    const { streams } = await this.manager();
    return (await streams.info(LOG_STREAM, { subjects_filter: filter })).state.subjects ?? {};
  }

  /** How much room it takes. */
  async bytes(): Promise<number> {
    const { streams } = await this.manager();
    return (await streams.info(LOG_STREAM)).state.bytes;
  }

  async first(stream: StreamName): Promise<number> {
    return (await this.next(stream, 1)).seq;
  }

  /** All commits on these streams, in the order of the log. */
  async commits(filter: string): Promise<Commit[]> {
    const count = Object.values(await this.subjects(filter)).reduce((sum, entries) => sum + entries, 0);
    const commits: Commit[] = [];
    for (let seq = 1; commits.length < count;) {
      const message = await this.next(filter, seq);
      commits.push(message.json<Commit>());
      seq = message.seq + 1;
    }
    return commits;
  }

  private async next(filter: string, seq: number) {
    const query = { next_by_subj: filter, seq };
    const message = await (await this.manager()).streams.getMessage(LOG_STREAM, query);
    if (!message) throw new Error(`the log has nothing on ${filter} behind ${seq}`);
    return message;
  }

  private manager() {
    return jetstreamManager(this.nats, { checkAPI: false });
  }
}
