import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A member that comes back is known by a fingerprint; what an authority signed is asked of every plan and tree. */
export class IndexCertificates1800000000000 implements MigrationInterface {
  readonly name = 'IndexCertificates1800000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index certificate_by_fingerprint on certificate (fingerprint)');
    await runner.query('create index certificate_by_issuer on certificate (issuer_id, created_position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index certificate_by_fingerprint, certificate_by_issuer');
  }
}
