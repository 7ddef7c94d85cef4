import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The certificate of an administrator is of no backbone. No log that is older has one: the table is whole without a rebuild. */
export class RevokeAdministrators1804000000000 implements MigrationInterface {
  readonly name = 'RevokeAdministrators1804000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table revocation alter column backbone_id drop not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from revocation where backbone_id is null');
    await runner.query('alter table revocation alter column backbone_id set not null');
  }
}
