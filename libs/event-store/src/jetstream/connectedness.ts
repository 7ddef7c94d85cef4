import type { NatsConnection } from '@nats-io/nats-core';
import { LogError } from '../rejection.js';

/** A server that restarts is back by then; whoever asks meanwhile need not hear of it. */
const GRACE_MS = 1_000;

/** Whether a connection is there, so that nobody waits for an answer that cannot come. */
export class Connectedness {
  private lostAt: number | undefined;

  constructor(nc: NatsConnection) {
    void this.follow(nc);
  }

  /** @throws LogError `log.unavailable` when the connection has been gone for a second. */
  require(what: string): void {
    if (this.lostAt === undefined || performance.now() - this.lostAt < GRACE_MS) return;
    throw new LogError(
      'log.unavailable',
      `cannot ${what}: the connection to nats-server is lost. It is opened again as soon as nats-server is up and reachable`,
    );
  }

  private async follow(nc: NatsConnection): Promise<void> {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') this.lostAt ??= performance.now();
      else if (type === 'reconnect') this.lostAt = undefined;
    }
  }
}
