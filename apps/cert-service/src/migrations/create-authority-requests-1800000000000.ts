import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Authorities whose certificates are signed elsewhere: their keys are there before them. Of a root whose key is elsewhere there is none. */
export class CreateAuthorityRequests1800000000000 implements MigrationInterface {
  readonly name = 'CreateAuthorityRequests1800000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table authority_requests (
        authority_id uuid primary key,
        sealed_key bytea not null,
        event json not null,
        metadata json not null,
        recorded boolean not null default false,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query('alter table authorities alter column sealed_key drop not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table authority_requests');
    await runner.query('alter table authorities alter column sealed_key set not null');
  }
}
