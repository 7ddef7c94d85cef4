import { checkpointTableSql } from '@caravan/event-store/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is revoked is a function of the log from here on, with its checkpoint beside it: a database that was restored from a backup finds again
 * what it has lost. A reaction that had acknowledged it was told of nothing a second time.
 */
export class RevokedIsAProjection1801000000000 implements MigrationInterface {
  readonly name = 'RevokedIsAProjection1801000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table revoked');
    await runner.query(`
      create table revoked (
        id text primary key, kind text not null, own_id text not null, revoked_at timestamptz not null, reason text not null
      )`);
    await runner.query(checkpointTableSql());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table projection_checkpoint');
    await runner.query('drop table revoked');
    await runner.query(`
      create table revoked (
        kind text not null, id text not null, revoked_at timestamptz not null, reason text not null, primary key (kind, id)
      )`);
  }
}
