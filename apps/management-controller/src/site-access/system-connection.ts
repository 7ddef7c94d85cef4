import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';

/** The connection in the system account, once it is open: by it nats-servers are asked about themselves. */
@Injectable()
export class SystemConnection {
  #connection: NatsConnection | undefined;

  opened(connection: NatsConnection): void {
    this.#connection = connection;
  }

  /** @throws Error before it is open */
  get(): NatsConnection {
    if (!this.#connection) throw new Error('nats-server was not reached yet in its system account');
    return this.#connection;
  }
}
