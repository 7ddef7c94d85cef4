import { ServerNats } from '@nestjs/microservices';
import type { MessageHandler, NatsContext, WritePacket } from '@nestjs/microservices';
import { Rejection } from '@caravan/event-store';
import { killPoint } from '@caravan/kill-points';
import type { Msg, NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { Counter } from 'prom-client';
import { PeerLog } from '../logging/index.js';
import type { Service } from '../service/index.js';
import { InFlight, MOST_IN_FLIGHT } from './in-flight.js';
import type { MostInFlight } from './in-flight.js';
import { PatternConnections } from './pattern-connections.js';
import { protocolErrorOf, readMessage, writeMessage } from './wire.js';

export interface SiteProtocolOptions {
  /** Replicas of one service share its requests through this group. Default: the service's name. */
  readonly queue?: string;
  readonly mostInFlight?: Partial<MostInFlight>;
}

const CLOSE_WITHIN_MS = 5_000;

/**
 * Nest's NATS transport with the site protocol's bytes and limits. Handlers are `@MessagePattern(CLAIM_PATTERN)`; event
 * patterns belong to reactions and are not subscribed to here. It has connections of its own, so that reading the log does not hold
 * up a claim, nor one pattern another.
 */
export class SiteProtocolServer extends ServerNats {
  readonly #queue: string;
  readonly #requests: Counter<'pattern' | 'outcome'>;
  readonly #inFlight: InFlight;
  readonly #peerLog: PeerLog;
  readonly #connections: PatternConnections;

  constructor(
    connectionOptions: NodeConnectionOptions,
    private readonly service: Service,
    { queue = service.name, mostInFlight }: SiteProtocolOptions = {},
  ) {
    super({
      deserializer: {
        deserialize: (message: Msg) => ({ pattern: message.subject, data: readMessage(message.data), id: '-' }),
      },
      serializer: { serialize: ({ response, err }: WritePacket) => ({ data: writeMessage(err ?? response) }) },
    });
    this.#queue = queue;
    this.#connections = new PatternConnections(connectionOptions, service);
    this.#inFlight = new InFlight({ ...MOST_IN_FLIGHT, ...mostInFlight });
    this.#peerLog = new PeerLog(service.log);
    this.#requests = new Counter({
      name: 'caravan_site_protocol_requests_total',
      help: 'Requests of sites by subject pattern and outcome: ok, or the code of the refusal',
      labelNames: ['pattern', 'outcome'],
      registers: [service.metrics],
    });
  }

  override addHandler(pattern: unknown, handler: MessageHandler, isEventHandler = false, extras?: object): void {
    if (!isEventHandler) super.addHandler(pattern, handler, isEventHandler, extras);
  }

  override createNatsClient(): Promise<NatsConnection> {
    return this.#connections.open([...this.messageHandlers.keys()]);
  }

  /** The connections are followed already. */
  override async handleStatusUpdates(): Promise<void> {}

  override bindEvents(): void {
    this.#connections.subscribe(this.#queue, (pattern, message) => void this.handleMessage(pattern, message));
  }

  /** Nest says that it listens once the subscriptions are on their way; whoever hears that it has started asks at once. */
  override start(callback: (error?: unknown) => void): void {
    this.bindEvents();
    void this.#connections.flushed().then(() => callback(), callback);
  }

  override async handleMessage(pattern: string, message: Msg): Promise<void> {
    try {
      requireReply(message);
      const leave = this.#inFlight.enter(pattern, message.subject);
      await this.#inFlight.during(this.#answer(pattern, message).finally(leave));
    } catch (error) {
      // Only what is wrong before a handler runs comes here.
      this.#refuse(pattern, message, error);
    }
  }

  async #answer(pattern: string, message: Msg): Promise<void> {
    if (killPoint) await killPoint('request.received', message.subject);
    await super.handleMessage(pattern, message);
  }

  /** Nest ends each answer with an empty packet of its own; on the wire there is one answer. */
  override getPublisher(message: Msg, id: string, context: NatsContext): (packet: WritePacket) => void {
    const publish = super.getPublisher(message, id, context) as (packet: WritePacket) => void;
    const pattern = this.#patternOf(message);
    return (packet) => {
      const body: unknown = packet.err ?? packet.response;
      if (body === undefined) return;
      this.#requests.inc({ pattern, outcome: codeIn(body) ?? 'ok' });
      const send = (): void => this.#send(message.subject, () => publish(packet));
      if (killPoint) void killPoint('request.answering', message.subject).then(send);
      else send();
    };
  }

  /** An answer that cannot be sent is asked for again; what keeps it from being sent must not end this process. */
  #send(subject: string, send: () => unknown): void {
    try {
      send();
    } catch (error) {
      this.#peerLog.warn('service.answer-lost', { subject, err: error }, 'an answer to a site was not sent');
    }
  }

  #refuse(pattern: string, message: Msg, error: unknown): void {
    const refusal = protocolErrorOf(error);
    const { code, detail } = refusal.error;
    const { subject, data } = message;
    this.#requests.inc({ pattern, outcome: code });
    this.#peerLog.warn(code, { subject, bytes: data.length }, `site message refused: ${detail}`);
    if (message.reply) this.#send(subject, () => message.respond(writeMessage(refusal)));
  }

  /** Subjects hold ids and would make a counter each. */
  #patternOf({ subject }: Msg): string {
    const tokens = subject.split('.');
    return [...this.messageHandlers.keys()].find((pattern) => matches(pattern.split('.'), tokens)) ?? 'none';
  }

  /** Takes nothing new, answers what is in hand, and goes. */
  override async close(): Promise<void> {
    const inHand = async (): Promise<void> => {
      await this.#inFlight.done();
      await immediate(); // Nest sends answers in the next tick
    };
    if (!this.#connections.isLost) await Promise.race([this.#connections.drain(inHand), afterMs(CLOSE_WITHIN_MS)]);
    await this.#connections.close();
    await super.close();
  }
}

/** Whoever does not wait for the answer is not served: nothing is cheaper to send by the thousand. */
function requireReply({ reply }: Msg): void {
  if (!reply)
    throw new Rejection('request.unanswerable', { detail: 'A request has to say where its answer is heard.' });
}

const matches = (pattern: string[], subject: string[]): boolean =>
  pattern.length === subject.length && pattern.every((token, index) => token === '*' || token === subject[index]);

const codeIn = (body: unknown): string | undefined => (body as { error?: { code?: string } } | null)?.error?.code;

const immediate = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const afterMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
