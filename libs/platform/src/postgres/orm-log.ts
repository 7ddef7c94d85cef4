import type { Logger } from 'typeorm';
import type { Log } from '../logging/index.js';

/** TypeORM's words in our log. Parameters of queries are left out: what is inserted may be a key. */
export class OrmLog implements Logger {
  constructor(private readonly to: Log) {}

  logQuery(query: string): void {
    this.to.trace({ query }, 'query');
  }

  /** Whoever sent it gets the error and knows whether it is one; a conflict on a key is often the plan. */
  logQueryError(error: string | Error, query: string): void {
    this.to.debug({ query, says: String(error) }, 'query failed');
  }

  logQuerySlow(ms: number, query: string): void {
    this.to.warn({ query, ms }, 'slow query');
  }

  logSchemaBuild(message: string): void {
    this.to.debug(message);
  }

  logMigration(message: string): void {
    this.to.debug(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.to[level === 'warn' ? 'warn' : 'debug'](String(message));
  }
}
