import type { Duplex } from 'node:stream';
import type { NatsConnection } from '@nats-io/nats-core';
import { RequestError, TimeoutError } from '@nats-io/nats-core';
import type { Log } from '../log.js';
import type { Requester } from './ask.js';
import { DEFAULT_BACK_OFF, delayAfter, Waiting } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import { inTime } from './in-time.js';
import { natsOverStream } from './nats-over-stream.js';
import type { ControlEnds } from './nats-over-stream.js';
import { lossInWords } from './loss.js';
import { ManagementAway } from './refusals.js';

export interface ControlLinkOptions {
  /** A byte stream to the management plane. */
  open(): Promise<Duplex>;
  /** With whom, as whom; asked at each attempt, since certificates rotate. */
  ends(): ControlEnds;
  readonly log: Log;
  readonly backOff?: BackOff;
  /** Asked after each failure: nobody will let this site in, as far as it knows. It goes on trying, but not often. */
  seldom?(): boolean;
  readonly requestTimeoutMs?: number;
  readonly random?: () => number;
}

/** A connection that lasted this long was a good one: the next attempt after it comes at once. */
const GOOD_AFTER_MS = 10_000;
/** A relay that was stopped in its tracks neither opens a stream nor refuses. */
const OPEN_WITHIN_MS = 15_000;
const SELDOM: BackOff = { firstMs: 60_000, mostMs: 60_000 };

/** Keeps one control connection, for ever: what is lost is opened anew with growing, jittered waits. */
export class ControlLink implements Requester {
  private connection: NatsConnection | undefined;
  private why: string | undefined;
  private since: Date | undefined;
  private readonly heard = new Map<string, (data: Uint8Array) => void>();
  private readonly changes = new Set<(connected: boolean) => void>();
  private readonly waiting = new Waiting();
  private failures = 0;
  /** Grows when we become somebody else. */
  private persona = 0;
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: ControlLinkOptions) {}

  get connected(): boolean {
    return this.connection !== undefined;
  }

  /** Why there is no connection, in words, and since when. */
  get trouble(): { readonly detail: string; readonly since: Date } | undefined {
    return this.connection || !this.since ? undefined : { detail: this.why ?? 'not connected yet', since: this.since };
  }

  start(): void {
    this.since ??= new Date();
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.waiting.end();
    this.ending.abort(new Error('this site is being stopped'));
    await this.connection?.close();
    await this.running;
  }

  /** Something changed that may help: do not wait any longer, nor so long as before if it did not. */
  retryNow(): void {
    this.failures = 0;
    this.waiting.wake();
  }

  /** Our certificate is another one: come back with it. Requests on their way are asked again by whoever asked. */
  async renew(): Promise<void> {
    this.persona++;
    this.waiting.wake();
    await this.connection?.close();
  }

  /** Called with every change; returns the way to stop. */
  onChange(listener: (connected: boolean) => void): () => void {
    this.changes.add(listener);
    return () => void this.changes.delete(listener);
  }

  /** Hears a subject on this connection and on all that follow. */
  hear(subject: string, listener: (data: Uint8Array) => void): void {
    this.heard.set(subject, listener);
    if (this.connection) this.subscribe(this.connection, subject, listener);
  }

  async request(subject: string, message: Uint8Array): Promise<Uint8Array> {
    const { connection } = this;
    if (!connection) throw new ManagementAway(this.why ?? 'there is no connection to the management plane yet');
    const timeout = this.options.requestTimeoutMs ?? 10_000;
    try {
      return (await connection.request(subject, message, { timeout })).data;
    } catch (error) {
      throw new ManagementAway(inWords(error, timeout), { cause: error, mayBeDecided: !isUnheard(error) });
    }
  }

  private async run(): Promise<void> {
    const { backOff = DEFAULT_BACK_OFF, random = Math.random, log } = this.options;
    while (!this.waiting.ended) {
      const started = performance.now();
      try {
        this.lost(await this.oneConnection());
      } catch (error) {
        this.lost(error);
      }
      if (this.waiting.ended) break;
      this.failures = performance.now() - started > GOOD_AFTER_MS ? 1 : this.failures + 1;
      const pauseMs = delayAfter(this.failures, this.options.seldom?.() ? SELDOM : backOff, random());
      log[this.failures > 3 ? 'debug' : 'info']({ reason: this.why, pauseMs }, 'no control connection');
      await this.waiting.pause(pauseMs);
    }
  }

  /** Resolves with the reason when a connection that stood has ended. */
  private async oneConnection(): Promise<unknown> {
    const { persona } = this;
    const { signal } = this.ending;
    const tooLate = (stream: Duplex): void => void stream.destroy();
    const stream = await inTime(this.options.open(), { ms: OPEN_WITHIN_MS, signal, tooLate });
    const cut = (): void => void stream.destroy();
    signal.addEventListener('abort', cut, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', cut));
    const connection = await natsOverStream(stream, this.options.ends());
    // One that was under way would otherwise stay, and speak as whom we no longer are.
    if (this.waiting.ended || this.persona !== persona) return connection.close();
    for (const [subject, listener] of this.heard) this.subscribe(connection, subject, listener);
    this.connection = connection;
    this.since = undefined;
    this.options.log.info({}, 'control connection open');
    this.tell(true);
    return connection.closed();
  }

  private lost(reason: unknown): void {
    this.why = lossInWords(reason);
    this.since ??= new Date();
    if (!this.connection) return;
    this.connection = undefined;
    this.tell(false);
  }

  private subscribe(connection: NatsConnection, subject: string, listener: (data: Uint8Array) => void): void {
    connection.subscribe(subject, {
      callback: (error, message) => {
        if (error)
          this.options.log.warn({ subject, reason: error.message }, 'this site may not hear a subject of its own');
        else listener(message.data);
      },
    });
  }

  private tell(connected: boolean): void {
    for (const listener of this.changes) listener(connected);
  }
}

/** Nobody was there to take the request. Any other way to fail may have been after it was taken. */
function isUnheard(error: unknown): boolean {
  return error instanceof RequestError && error.isNoResponders();
}

function inWords(error: unknown, timeoutMs: number): string {
  if (isUnheard(error)) {
    return 'the service of the management plane that answers this is away';
  }
  if (error instanceof TimeoutError) return `the management plane did not answer within ${timeoutMs / 1000} s`;
  return `the management plane was asked and did not answer: ${(error as Error).message}`;
}
