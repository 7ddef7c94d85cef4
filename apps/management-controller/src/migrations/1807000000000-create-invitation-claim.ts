import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who used invitations before is in the log: the rows are made anew. */
export class CreateInvitationClaim1807000000000 implements MigrationInterface {
  readonly name = 'CreateInvitationClaim1807000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table invitation_claim (
        id uuid primary key, network_id uuid not null, invitation_id uuid not null, name text not null, status text not null,
        details jsonb not null, claimant_key text not null, decided_at timestamptz, decided_by text,
        created_at timestamptz not null, created_position int8 not null);
      create index on invitation_claim (network_id, created_position);
      create index on invitation_claim (invitation_id, created_position);
      alter table invitation
        add column approval bool not null default false,
        add column interactive bool not null default false,
        add column asks jsonb not null default '[]',
        add column awaited int4 not null default 0;
      alter table member add column details jsonb not null default '{}';
      update projection_checkpoint set request = 'rebuild';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table member drop column details;
      alter table invitation drop column awaited, drop column asks, drop column interactive, drop column approval;
      drop table invitation_claim;
    `);
  }
}
