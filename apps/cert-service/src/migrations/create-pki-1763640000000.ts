import { quarantineTableSql } from '@caravan/event-store/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * CA keys are not derivable from the log: this schema has a backup of its own and no rebuild touches it. `event` and
 * `metadata` are `json`, not `jsonb`: an event that is appended later has the bytes that it would have had at once.
 */
export class CreatePki1763640000000 implements MigrationInterface {
  readonly name = 'CreatePki1763640000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table vault (
        singleton boolean primary key default true check (singleton),
        installation text not null,
        key_id text not null,
        canary bytea not null
      )`);
    await runner.query(`
      create table authorities (
        authority_id uuid primary key,
        kind text not null,
        issuer_id uuid references authorities,
        not_after timestamptz not null,
        sealed_key bytea not null,
        event json not null,
        metadata json not null,
        recorded boolean not null default false,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`
      create table impossible_authorities (
        authority_id uuid primary key,
        code text not null,
        detail text not null
      )`);
    await runner.query(`
      create table certificates (
        certificate_id uuid primary key,
        issuer_id uuid references authorities,
        serial text,
        not_after timestamptz,
        event_type text not null,
        event json not null,
        metadata json not null,
        recorded boolean not null default false,
        created_at timestamptz not null default clock_timestamp(),
        unique (issuer_id, serial)
      )`);
    await runner.query(quarantineTableSql());
    await runner.query('create index authorities_unrecorded on authorities (created_at) where not recorded');
    await runner.query('create index certificates_unrecorded on certificates (created_at) where not recorded');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['reaction_quarantine', 'certificates', 'impossible_authorities', 'authorities', 'vault']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
