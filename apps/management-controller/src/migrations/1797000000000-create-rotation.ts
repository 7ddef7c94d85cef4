import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No log that is older has a rotation: the table is whole without a rebuild. */
export class CreateRotation1797000000000 implements MigrationInterface {
  readonly name = 'CreateRotation1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rotation (
        id uuid primary key, owner_id uuid not null, owner_kind text not null, backbone_id uuid, network_id uuid,
        ordinal int4 not null, status text not null, phase text not null, phase_since timestamptz not null,
        cause text not null, patience_seconds int4, confirmed int4 not null, without int4 not null,
        finished_at timestamptz, created_at timestamptz not null, created_position int8 not null);
      create index on rotation (created_position);
      create index on rotation (owner_id, created_position);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rotation');
  }
}
