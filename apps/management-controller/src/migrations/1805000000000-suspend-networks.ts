import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In no log that is older is a network suspended: the rows are whole without a rebuild. */
export class SuspendNetworks1805000000000 implements MigrationInterface {
  readonly name = 'SuspendNetworks1805000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table network add column suspended_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table network drop column suspended_at');
  }
}
