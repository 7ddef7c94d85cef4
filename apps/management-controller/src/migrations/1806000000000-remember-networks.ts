import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Networks that were deleted before have no row: the rows are made anew from the log. */
export class RememberNetworks1806000000000 implements MigrationInterface {
  readonly name = 'RememberNetworks1806000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table network
      add column delete_after_seconds int4 not null default 2592000,
      add column ended_at timestamptz,
      add column deleted_at timestamptz`);
    await runner.query(`update projection_checkpoint set request = 'rebuild'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from network where deleted_at is not null');
    await runner.query(
      'alter table network drop column deleted_at, drop column ended_at, drop column delete_after_seconds',
    );
  }
}
