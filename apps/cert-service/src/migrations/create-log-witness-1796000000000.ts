import { witnessTablesSql } from '@caravan/event-store/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What this service has seen of the log. No rebuild touches it: it is no function of the log, it stands against it. */
export class CreateLogWitness1796000000000 implements MigrationInterface {
  readonly name = 'CreateLogWitness1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(witnessTablesSql());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table log_checkpoint, log_alarm, log_acceptance');
  }
}
