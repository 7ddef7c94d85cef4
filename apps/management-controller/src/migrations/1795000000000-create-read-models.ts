import { checkpointTableSql, quarantineTableSql } from '@caravan/event-store/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projections first: a rebuild may empty them. `site_sighting` is live and no part of a rebuild. */
export class CreateReadModels1795000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table backbone (
        id uuid primary key, name text not null, ready bool not null,
        created_at timestamptz not null, created_position int8 not null);
      create table backbone_site (
        id uuid primary key, backbone_id uuid not null, name text not null, status text not null,
        created_at timestamptz not null, created_position int8 not null);
      create table access_point (
        id uuid primary key, backbone_id uuid not null, site_id uuid not null, name text not null, kind text not null,
        bind_host text not null, bind_port int4 not null, host text, port int4,
        created_at timestamptz not null, created_position int8 not null);
      create table link (
        id uuid primary key, backbone_id uuid not null, site_id uuid not null, access_point_id uuid not null,
        accepting_site_id uuid not null, cost int4 not null,
        created_at timestamptz not null, created_position int8 not null);
      create table network (
        id uuid primary key, backbone_id uuid not null, name text not null,
        starts_at timestamptz not null, ends_at timestamptz, claim_ready bool not null, member_ready bool not null,
        created_at timestamptz not null, created_position int8 not null);
      create table site_class (
        id uuid primary key, network_id uuid not null, name text not null,
        created_at timestamptz not null, created_position int8 not null);
      create table invitation (
        id uuid primary key, network_id uuid not null, backbone_id uuid not null,
        name text not null, name_prefix text not null, deadline timestamptz, instance_limit int4, claims int4 not null,
        site_classes jsonb not null, claim_access_points jsonb not null, member_access_points jsonb not null,
        status text not null, created_at timestamptz not null, created_position int8 not null);
      create table member (
        id uuid primary key, network_id uuid not null, invitation_id uuid not null, name text not null,
        site_classes jsonb not null, status text not null,
        created_at timestamptz not null, created_position int8 not null);
      create table listener (
        id uuid primary key, member_id uuid not null, network_id uuid not null, address text not null,
        host text not null, port int4 not null, created_at timestamptz not null, created_position int8 not null);
      create table connector (
        id uuid primary key, member_id uuid not null, network_id uuid not null, address text not null,
        host text not null, port int4 not null, created_at timestamptz not null, created_position int8 not null);
      create table authority (
        id uuid primary key, kind text not null, backbone_id uuid, network_id uuid, ordinal int4 not null, issuer_id uuid,
        subject text not null, serial text not null, fingerprint text not null,
        not_before timestamptz not null, not_after timestamptz not null, certificate text not null,
        created_position int8 not null);
      create table certificate (
        id uuid primary key, holder_kind text not null, holder_id text not null, identity text, hosts jsonb not null,
        ordinal int4 not null, issuer_id uuid not null, subject text not null, serial text not null,
        fingerprint text not null, not_before timestamptz not null, not_after timestamptz not null,
        created_position int8 not null);
      create table site_sighting (
        site_id uuid primary key, last_seen_at timestamptz not null, version text not null,
        applied_revision int8 not null, observation jsonb not null);
    `);
    await runner.query(checkpointTableSql());
    await runner.query(quarantineTableSql());
    for (const [table, parent] of PARENTS) {
      await runner.query(`create index on ${table} (${parent}, created_position)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table ${[...TABLES, 'site_sighting', 'projection_checkpoint', 'reaction_quarantine'].join(', ')}`,
    );
  }
}

const TABLES = [
  'backbone',
  'backbone_site',
  'access_point',
  'link',
  'network',
  'site_class',
  'invitation',
  'member',
  'listener',
  'connector',
  'authority',
  'certificate',
];

/** Lists go by parent, in the order of the log. */
const PARENTS = [
  ['backbone_site', 'backbone_id'],
  ['access_point', 'backbone_id'],
  ['access_point', 'site_id'],
  ['link', 'backbone_id'],
  ['site_class', 'network_id'],
  ['invitation', 'network_id'],
  ['member', 'network_id'],
  ['member', 'invitation_id'],
  ['listener', 'member_id'],
  ['connector', 'member_id'],
  ['certificate', 'holder_id'],
] as const;
