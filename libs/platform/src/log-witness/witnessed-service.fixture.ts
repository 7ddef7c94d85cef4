import { randomUUID } from 'node:crypto';
import { eventRegistry, handleCommand } from '@caravan/event-store';
import type { Handled } from '@caravan/event-store';
import { JetStreamEventStore } from '@caravan/event-store/jetstream';
import { PostgresWitnessLedger } from '@caravan/event-store/postgres';
import { eventually } from '@caravan/testing';
import { notebook, notebookEvents, notebookStream } from '@caravan/testing/event-store';
import type { Notebook, NotebookCommand } from '@caravan/testing/event-store';
import type { TestNats } from '@caravan/testing/servers';
import { commandMetadata } from '@caravan/testing/specification';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { createLog, createMetrics, Health, systemClock } from '../index.js';
import { LogWitness, observeWitness, WitnessedEventStore } from './index.js';

const registry = eventRegistry(notebookEvents);

/** A process that writes to the log, as far as the log is concerned. */
export class WitnessedService {
  readonly health = new Health();
  readonly metrics = createMetrics('test');
  readonly lines: string[] = [];
  readonly ledger: PostgresWitnessLedger;
  readonly witness: LogWitness;
  readonly store: WitnessedEventStore;
  private readonly handle: (command: NotebookCommand) => Promise<Handled<Notebook>>;

  private constructor(
    readonly nc: NatsConnection,
    pool: Pool,
  ) {
    this.ledger = new PostgresWitnessLedger(pool);
    const log = createLog('test', 'info', { write: (line) => void this.lines.push(line) });
    const { ledger } = this;
    this.witness = new LogWitness({ nc, ledger, log, clock: systemClock, name: 'test', everyMs: 50, lookMs: 200 });
    this.store = new WitnessedEventStore(new JetStreamEventStore(nc, { registry, timeoutMs: 2_000 }), this.witness);
    this.handle = handleCommand({
      store: this.store,
      decider: notebook,
      stream: ({ notebookId }) => notebookStream(notebookId),
    });
    observeWitness(this.witness, this);
  }

  /** Up, and reading the log from its first entry. */
  static async start(nats: TestNats, pool: Pool): Promise<WitnessedService> {
    const service = await WitnessedService.prepare(nats, pool);
    service.witness.verify();
    return service;
  }

  static async prepare(nats: TestNats, pool: Pool): Promise<WitnessedService> {
    const options = { reconnectTimeWait: 50, reconnectJitter: 10, maxReconnectAttempts: -1 };
    const service = new WitnessedService(await nats.connect(options), pool);
    await service.witness.open();
    service.witness.onApplicationBootstrap();
    return service;
  }

  /** What the health port says. */
  get trouble(): string | undefined {
    return this.health.troubles()[0]?.says;
  }

  write(notebookId: string, text: string): Promise<Handled<Notebook>> {
    const metadata = commandMetadata({ commandId: randomUUID() });
    return this.handle({ type: 'WriteNote', notebookId, noteId: randomUUID(), text, metadata });
  }

  /** Its connection is back: for a second without one it is patient, and refuses then. */
  async connected(): Promise<void> {
    const answered = () =>
      this.nc.flush().then(
        () => true,
        () => false,
      );
    await eventually('the connection is back', answered);
  }

  /** It has noticed that its connection is lost: all that came over it was heard. */
  async lost(): Promise<void> {
    await eventually('the connection is lost', () => this.witness.gate.status.status === 'looking');
  }

  /** When all that is in the log is written down. */
  async witnessed(position: number): Promise<void> {
    await eventually('the log is witnessed', async () => ((await this.ledger.last())?.sequence ?? 0) >= position);
  }

  async alarmed(): Promise<void> {
    await eventually('an alarm', () => this.witness.gate.isShut);
  }

  /** A reading of the whole log has ended without an alarm. */
  async verified(): Promise<void> {
    await eventually('a verification', () => this.lines.some((line) => line.includes('the log is verified')));
  }

  async well(): Promise<void> {
    await eventually('no trouble', () => this.health.troubles().length === 0);
    if (this.witness.gate.status.status !== 'watching') throw new Error('writes are refused');
  }

  async stop(): Promise<void> {
    await this.witness.onApplicationShutdown();
    await this.nc.close();
  }
}
