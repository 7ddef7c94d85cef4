import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthorityKind } from '@caravan/events';
import { unseal } from '@caravan/pki';
import type { TestInstallation } from '../installation/index.js';
import { databaseUrlOf } from '../kill-points/servers.js';
import { poolOn } from '../servers/pool.js';
import type { Signer } from './forge.js';

export interface StolenKey extends Signer {
  readonly kind: AuthorityKind;
  readonly backboneId: string | null;
  readonly networkId: string | null;
}

/** All CA keys of an installation, as somebody has them who has its database and its master key. */
export async function stolenKeys(installation: TestInstallation): Promise<StolenKey[]> {
  const text = readFileSync(join(installation.state.secrets, 'pki-master-key'), 'utf8').trim();
  const masterKey = Buffer.from(text, 'base64');
  const pool = poolOn(databaseUrlOf(installation), { max: 1 });
  try {
    const { rows } = await pool.query<{ id: string; sealed_key: Buffer; event: Omit<StolenKey, 'key'> }>(
      'select authority_id as id, sealed_key, event from pki.authorities',
    );
    return rows.map(({ id, sealed_key, event: { kind, backboneId, networkId, certificate } }) => ({
      ...{ kind, backboneId, networkId, certificate },
      key: unseal(sealed_key, masterKey, `authority/${id}/private-key`).toString(),
    }));
  } finally {
    await pool.end();
  }
}
