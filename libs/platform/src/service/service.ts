import type { Registry } from 'prom-client';
import type { Health } from '../health/index.js';
import type { Log } from '../logging/index.js';

/** What a process is to its parts: how they speak, tell their state and count. Made before anything else. */
export interface Service {
  /** `management-controller`: the name of the process in logs, metrics, NATS connections and events (`source`). */
  readonly name: string;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Registry;
  /** Aborts when the process should end: whoever waits for something that is away waits no longer. */
  readonly ending?: AbortSignal;
}
