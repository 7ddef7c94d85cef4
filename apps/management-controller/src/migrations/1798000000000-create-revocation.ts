import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No log that is older has a revocation, or a network that was revoked: the tables are whole without a rebuild. */
export class CreateRevocation1798000000000 implements MigrationInterface {
  readonly name = 'CreateRevocation1798000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table revocation (
        id uuid primary key, target_kind text not null, target_id uuid not null, name text not null, reason text not null,
        backbone_id uuid not null, network_id uuid, status text not null, confirmed jsonb not null,
        enforced_at timestamptz, created_at timestamptz not null, created_position int8 not null);
      create index on revocation (created_position);
      create index on revocation (target_id);
      alter table network add column revoked_at timestamptz;
      alter table site_sighting add column capability int4 not null default 1;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table site_sighting drop column capability;
      alter table network drop column revoked_at;
      drop table revocation;
    `);
  }
}
