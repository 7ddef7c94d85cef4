import { Counter } from 'prom-client';
import { PeerLog } from '../logging/index.js';
import type { Service } from '../service/index.js';

const NAME = 'caravan_http_requests_refused_total';

/** Every request that is refused is counted by its code, and leaves a line unless there are too many of its kind. */
export class RequestRefusals {
  readonly #counter: Counter<'code'>;
  readonly #peerLog: PeerLog;

  constructor({ log, metrics }: Pick<Service, 'log' | 'metrics'>) {
    this.#peerLog = new PeerLog(log);
    this.#counter =
      (metrics.getSingleMetric(NAME) as Counter<'code'> | undefined) ??
      new Counter({
        name: NAME,
        help: 'HTTP requests that were refused, by code; also what was too slow or no HTTP at all',
        labelNames: ['code'],
        registers: [metrics],
      });
  }

  note(code: string, fields: object, detail: string): void {
    this.#counter.inc({ code });
    this.#peerLog.warn(code, fields, `request refused: ${detail.slice(0, 300)}`);
  }
}
