import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In no log that is older is a join token: the rows are whole without a rebuild. */
export class AddJoinTokens1808000000000 implements MigrationInterface {
  readonly name = 'AddJoinTokens1808000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("alter table invitation add column join_tokens jsonb not null default '[]'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table invitation drop column join_tokens');
  }
}
