import { PkiError, randomNonce, seal, sealKeyId, unseal } from '@caravan/pki';
import type { Secret } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import type { Pool } from 'pg';

const CONTEXT = 'vault/canary';

interface VaultRow {
  installation: string;
  key_id: string;
  canary: Buffer;
}

/** Whether keys have been sealed here before: a lost master key must not be replaced by a new one. */
export async function vaultExists(pool: Pool): Promise<boolean> {
  return (await pool.query('select 1 from vault')).rowCount === 1;
}

/**
 * Opens the vault: checks that this is the master key that everything was sealed with, and the installation that it was sealed
 * for, before anything is read or written. The first to come decides both.
 *
 * @throws ConfigurationError naming what does not fit; nothing was changed
 */
export async function openVault(pool: Pool, masterKey: Secret<Buffer>, installation: string): Promise<void> {
  const key = masterKey.reveal();
  const canary = seal(Buffer.from(installation), key, CONTEXT, randomNonce());
  await pool.query('insert into vault (installation, key_id, canary) values ($1, $2, $3) on conflict do nothing', [
    installation,
    sealKeyId(key),
    canary,
  ]);
  const { rows } = await pool.query<VaultRow>('select installation, key_id, canary from vault');
  const vault = rows[0]!;
  try {
    unseal(vault.canary, key, CONTEXT);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const says = `is another key than the one that CA keys were sealed with (${vault.key_id})`;
    throw new ConfigurationError([
      { variable: 'PKI_MASTER_KEY', says, remedy: 'give back the old one; nothing was changed' },
    ]);
  }
  if (vault.installation !== installation) {
    const says = `is ${installation}, and this database holds the authorities of ${vault.installation}`;
    throw new ConfigurationError([
      { variable: 'CARAVAN_INSTALLATION', says, remedy: 'each installation has a database of its own' },
    ]);
  }
}
