import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the installation's own authorities have been replaced, for `init`. The log says it too, and is believed when it is there. */
export class CreateInstallationGeneration1799000000000 implements MigrationInterface {
  readonly name = 'CreateInstallationGeneration1799000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation_generation (
        singleton boolean primary key default true check (singleton),
        ordinal int not null,
        phase text
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table installation_generation');
  }
}
