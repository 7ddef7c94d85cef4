import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is worth nothing any more, and the lists that say so. `kind` is that of a holder, and so is everything signed for it later on;
 * or `certificate`, for that one; or `network`, for its authorities. It goes with the CA keys' backup: the reaction that fills it reads no event twice.
 */
export class CreateRevocation1798000000000 implements MigrationInterface {
  readonly name = 'CreateRevocation1798000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table certificates
        add column holder_kind text generated always as (event -> 'holder' ->> 'kind') stored,
        add column holder_id text generated always as (coalesce(
          event -> 'holder' ->> 'memberId', event -> 'holder' ->> 'accessPointId',
          event -> 'holder' ->> 'invitationId', event -> 'holder' ->> 'siteId')) stored`);
    await runner.query('create index certificates_by_holder on certificates (holder_kind, holder_id)');
    await runner.query(`
      create table revoked (
        kind text not null,
        id text not null,
        revoked_at timestamptz not null,
        reason text not null,
        primary key (kind, id)
      )`);
    await runner.query(`
      create table revocation_lists (
        authority_id uuid primary key references authorities,
        number bigint not null,
        this_update timestamptz not null,
        next_update timestamptz not null,
        covers text not null,
        der bytea not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table revocation_lists');
    await runner.query('drop table revoked');
    await runner.query('alter table certificates drop column holder_kind, drop column holder_id');
  }
}
