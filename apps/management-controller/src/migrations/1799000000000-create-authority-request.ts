import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No log that is older has an authority that was signed elsewhere: the table is whole without a rebuild. */
export class CreateAuthorityRequest1799000000000 implements MigrationInterface {
  readonly name = 'CreateAuthorityRequest1799000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table authority_request (
        id uuid primary key, kind text not null, backbone_id uuid, network_id uuid, ordinal int4 not null,
        root_id uuid not null, issuer text not null, status text not null, csr text not null, subject text not null,
        public_key_fingerprint text not null, path_length int4 not null, until timestamptz,
        created_at timestamptz not null, created_position int8 not null);
      create index on authority_request (created_position);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table authority_request');
  }
}
