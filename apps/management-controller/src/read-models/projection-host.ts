import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ProjectionRunner } from '@caravan/event-store/jetstream';
import { PostgresProjectionStore } from '@caravan/event-store/postgres';
import type { NatsConnection } from '@nats-io/transport-node';
import { halted, lookAt, NATS, PG_POOL, SERVICE } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import type { Pool } from 'pg';
import type { Progress } from './progress.js';
import { projections } from './projections.js';

const NAME = 'read models';

/** Keeps the read models up with the log. Of several replicas one writes; the others know how far it is. */
@Injectable()
export class ProjectionHost implements Progress, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #runner: ProjectionRunner;

  constructor(
    @Inject(NATS) nc: NatsConnection,
    @Inject(PG_POOL) pool: Pool,
    @Inject(SERVICE) { log, health }: Service,
  ) {
    this.#runner = new ProjectionRunner({
      nc,
      name: NAME,
      projections,
      store: new PostgresProjectionStore({ pool, name: NAME, projections }),
      problem: (error) => log.warn({ err: error }, 'the read models have trouble keeping up; they go on trying'),
      halted: (error) => log.error({ err: error }, 'the read models halted'),
    });
    health.watch(NAME, () => {
      const status = this.#runner.status;
      if (status.status !== 'halted') return undefined;
      return halted(
        status.halt,
        status.halt.kind === 'log'
          ? `Lists show what was true at ${status.position}`
          : `Lists show what was true at ${status.position}; what is written since is safe, and will show`,
      );
    });
    health.followers.add({ name: NAME, kind: 'projection', look: () => lookAt(this.#runner.status) });
  }

  position(): number {
    return this.#runner.position();
  }

  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.#runner.waitFor(position, timeoutMs);
  }

  /** Makes every row anew from the log. Readers see the old ones until all are there. */
  rebuild(signal: AbortSignal): Promise<void> {
    return this.#runner.rebuild({ signal });
  }

  onApplicationBootstrap(): void {
    this.#runner.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#runner.stop();
  }
}
