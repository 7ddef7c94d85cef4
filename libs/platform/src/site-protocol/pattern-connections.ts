import type { Msg, NatsConnection, NodeConnectionOptions, Subscription } from '@nats-io/transport-node';
import { Health } from '../health/index.js';
import { waitOn } from '../lifecycle/wait-on.js';
import { isLost, openNats } from '../nats/index.js';
import type { Service } from '../service/index.js';

const COMPONENT = 'nats (site protocol)';
const FLUSH_AGAIN_MS = 100;

/**
 * A connection to NATS for each pattern. Messages come in the order of their connection, so that whoever floods one pattern stands
 * before nobody on another: a member site before no claim, and no site before what services ask of each other.
 */
export class PatternConnections {
  readonly #connections = new Map<string, NatsConnection>();
  #subscriptions: Subscription[] = [];

  constructor(
    private readonly options: NodeConnectionOptions,
    private readonly service: Service,
  ) {}

  /** Resolves with the first; without patterns there is one all the same. */
  async open(patterns: readonly string[]): Promise<NatsConnection> {
    const [pattern = 'nothing', ...others] = patterns;
    const first = await this.#one(pattern, this.service);
    // All go to one place and are lost together: the first one speaks for them.
    await Promise.all(others.map((other) => this.#one(other, { ...this.service, health: new Health() })));
    return first;
  }

  subscribe(queue: string, heard: (pattern: string, message: Msg) => void): void {
    this.#subscriptions = [...this.#connections].map(([pattern, connection]) =>
      connection.subscribe(pattern, {
        queue,
        callback: (error, message) => {
          if (error) this.service.log.error({ pattern, err: error }, 'site messages do not arrive');
          else heard(pattern, message);
        },
      }),
    );
  }

  /** Resolves when the server has all subscriptions. A connection that breaks meanwhile subscribes anew when it is back. */
  async flushed(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => this.#flush(connection)));
  }

  /** Takes nothing new, sends what `inHand` leads to, and ends. */
  async drain(inHand: () => Promise<void>): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
    await inHand();
    await Promise.allSettled([...this.#connections.values()].map((connection) => connection.flush()));
  }

  /** Without a server there is nobody to answer. */
  get isLost(): boolean {
    return [...this.#connections.values()].every((connection) => connection.isClosed() || isLost(connection));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#connections.values()].map((connection) => connection.close()));
  }

  async #one(pattern: string, service: Service): Promise<NatsConnection> {
    const name = `${this.options.name ?? 'caravan'} site protocol ${pattern}`;
    const connection = await openNats({ ...this.options, name }, service, COMPONENT);
    this.#connections.set(pattern, connection);
    return connection;
  }

  async #flush(connection: NatsConnection): Promise<void> {
    while (!connection.isClosed()) {
      const isThere = await connection.flush().then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await waitOn(FLUSH_AGAIN_MS, this.service.ending);
    }
  }
}
