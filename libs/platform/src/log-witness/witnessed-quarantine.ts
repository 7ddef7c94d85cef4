import type { INestApplicationContext } from '@nestjs/common';
import { LogError } from '@caravan/event-store';
import type { Quarantine, Quarantined } from '@caravan/event-store';
import { PostgresQuarantine } from '@caravan/event-store/postgres';
import type { Pool } from 'pg';
import { PG_POOL } from '../postgres/index.js';
import { LogWitness } from './log-witness.js';
import { PATIENCE_MS } from './write-gate.js';

/**
 * A quarantine that takes nothing while the witness objects: what cannot be read in a log that is not the right one is in order in
 * the right one, and what was put aside would stay aside after its repair.
 */
export class WitnessedQuarantine implements Quarantine {
  constructor(
    private readonly quarantine: Quarantine,
    private readonly witness: Pick<LogWitness, 'gate'>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** In the app's own database, behind its own witness. */
  static of(app: INestApplicationContext): WitnessedQuarantine {
    return new WitnessedQuarantine(new PostgresQuarantine(app.get<Pool>(PG_POOL)), app.get(LogWitness));
  }

  /** @throws LogError `log.diverged`, and `log.unavailable` while the log is being looked at */
  async record(entry: Quarantined): Promise<void> {
    if (!(await this.witness.gate.admits(this.patienceMs))) {
      throw new LogError('log.unavailable', 'its server was away, and the log is not looked at yet');
    }
    await this.quarantine.record(entry);
  }

  list(reaction?: string): Promise<readonly Quarantined[]> {
    return this.quarantine.list(reaction);
  }

  resolve(reaction: string, position: number): Promise<void> {
    return this.quarantine.resolve(reaction, position);
  }
}
