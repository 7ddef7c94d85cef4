import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What kind of thing it is that a projection cannot pass, which decides what is done about it. */
export class AddHaltKind1795000000001 implements MigrationInterface {
  readonly name = 'AddHaltKind1795000000001';

  async up(runner: QueryRunner): Promise<void> {
    // A table that was made today has it already.
    await runner.query('alter table projection_checkpoint add column if not exists halted_kind text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table projection_checkpoint drop column halted_kind');
  }
}
