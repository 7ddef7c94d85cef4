import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In no log that is older does anybody speak TLS with applications: the rows are whole without a rebuild. */
export class AddEndpointTls1801000000000 implements MigrationInterface {
  readonly name = 'AddEndpointTls1801000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table listener add column tls jsonb');
    await runner.query('alter table connector add column tls jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connector drop column tls');
    await runner.query('alter table listener drop column tls');
  }
}
