import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In no log that is older does anybody supply what proves access points: the rows are whole without a rebuild. */
export class AddSiteProof1802000000000 implements MigrationInterface {
  readonly name = 'AddSiteProof1802000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table backbone_site add column proof jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table backbone_site drop column proof');
  }
}
