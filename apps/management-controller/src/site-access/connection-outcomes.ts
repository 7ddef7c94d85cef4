import { Counter, PeerLog } from '@caravan/platform';
import type { Service } from '@caravan/platform';

/** What became of each who wanted to connect to NATS: counted, with some lines of many refusals. */
export class ConnectionOutcomes {
  readonly #counter: Counter<'outcome'>;
  readonly #peerLog: PeerLog;

  constructor({ log, metrics }: Pick<Service, 'log' | 'metrics'>) {
    this.#peerLog = new PeerLog(log);
    this.#counter = new Counter({
      name: 'caravan_site_connections_total',
      help: 'Sites that wanted to connect to NATS, by outcome: ok, or the code of the refusal',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  admitted(): void {
    this.#counter.inc({ outcome: 'ok' });
  }

  refused(code: string, fields: object, message: string): void {
    this.#counter.inc({ outcome: code });
    this.#peerLog.warn(code, fields, message);
  }
}
