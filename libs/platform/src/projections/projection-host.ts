import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Halt, Projection } from '@caravan/event-store';
import { ProjectionRunner } from '@caravan/event-store/jetstream';
import { PostgresProjectionStore } from '@caravan/event-store/postgres';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { halted, lookAt } from '../health/index.js';
import type { Service } from '../service/index.js';

export interface ProjectionHostOptions {
  readonly nc: NatsConnection;
  readonly pool: Pool;
  readonly service: Pick<Service, 'log' | 'health'>;
  /** Of the group, for people too: `read models`. */
  readonly name: string;
  readonly projections: readonly Projection[];
  /** What it means for people that they halted after that position. */
  readonly without: (halt: Halt, position: number) => string;
  /** False: the service does its work all the same. */
  readonly hinders?: boolean;
}

/** Keeps the projections of a service up with the log. Of several replicas one writes; the others know how far it is. */
export class ProjectionHost implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #runner: ProjectionRunner;

  constructor({ nc, pool, service: { log, health }, ...options }: ProjectionHostOptions) {
    const { name, projections, without, hinders = true } = options;
    this.#runner = new ProjectionRunner({
      ...{ nc, name, projections },
      store: new PostgresProjectionStore({ pool, name, projections }),
      problem: (error) => log.warn({ err: error }, `the ${name} have trouble keeping up; they go on trying`),
      halted: (error) => log.error({ err: error }, `the ${name} halted`),
    });
    health.watch(name, () => {
      const status = this.#runner.status;
      if (status.status !== 'halted') return undefined;
      return { ...halted(status.halt, without(status.halt, status.position)), hinders };
    });
    health.followers.add({ name, kind: 'projection', look: () => lookAt(this.#runner.status) });
  }

  position(): number {
    return this.#runner.position();
  }

  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.#runner.waitFor(position, timeoutMs);
  }

  /** Whether the rows know, within `timeoutMs`, all that the log holds now. @throws HaltedError */
  reachEnd(timeoutMs: number): Promise<boolean> {
    return this.#runner.reachEnd(timeoutMs);
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
