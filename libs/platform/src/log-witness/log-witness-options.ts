import type { WitnessLedger } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '../clock/index.js';
import type { Log } from '../logging/index.js';

export interface LogWitnessOptions {
  readonly nc: NatsConnection;
  readonly ledger: WitnessLedger;
  readonly log: Log;
  readonly clock: Clock;
  /** Who ends an alarm in the ledger: the service's name. */
  readonly name: string;
  /** Aborts when the process is to end: nothing is waited for any more. */
  readonly ending?: AbortSignal | undefined;
  /** Between two checkpoints while the log grows. Default 500 ms: what is written and lost within it may go unnoticed. */
  readonly everyMs?: number;
  /** Between two looks at the log and at what other replicas say. Default 2 s. */
  readonly lookMs?: number;
}
