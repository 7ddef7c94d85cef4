import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In no log that is older does anybody supply certificates for links: the rows are whole without a rebuild. */
export class AddLinkCertificates1803000000000 implements MigrationInterface {
  readonly name = 'AddLinkCertificates1803000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['backbone_site', 'member'])
      await runner.query(`alter table ${table} add column link_certificates jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['backbone_site', 'member'])
      await runner.query(`alter table ${table} drop column link_certificates`);
  }
}
