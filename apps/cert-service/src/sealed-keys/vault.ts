import { PkiError, randomNonce, seal, sealKeyId, unseal } from '@caravan/pki';
import type { Secret } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import type { Pool, PoolClient } from 'pg';
import type { MasterKeys } from './master-keys.js';
import { SealedKeys } from './sealed-keys.js';

const CONTEXT = 'vault/canary';

interface VaultRow {
  installation: string;
  key_id: string;
  canary: Buffer;
}

/** What says with which master key all CA keys of this database are sealed, and of which installation they are. */
export class Vault {
  constructor(private readonly pool: Pool) {}

  /** Whether keys have been sealed here before: a lost master key must not be replaced by a new one. */
  async exists(): Promise<boolean> {
    return (await this.pool.query('select 1 from vault')).rowCount === 1;
  }

  /** The master key that is in use. */
  async keyId(): Promise<string> {
    const { rows } = await this.pool.query<Pick<VaultRow, 'key_id'>>('select key_id from vault');
    return rows[0]!.key_id;
  }

  /**
   * Checks that the master key that everything was sealed with is there, and that this is the installation that it was sealed for,
   * before anything is read or written. The first to come decides both.
   *
   * @throws ConfigurationError naming what does not fit; nothing was changed
   */
  async open(masterKeys: MasterKeys, installation: string): Promise<void> {
    const newest = masterKeys.newest.reveal();
    await this.pool.query(
      'insert into vault (installation, key_id, canary) values ($1, $2, $3) on conflict do nothing',
      [installation, sealKeyId(newest), canaryOf(installation, masterKeys.newest)],
    );
    const { rows } = await this.pool.query<VaultRow>('select installation, key_id, canary from vault');
    const vault = rows[0]!;
    keyInUse(vault, masterKeys);
    if (vault.installation !== installation) {
      const says = `is ${installation}, and this database holds the authorities of ${vault.installation}`;
      throw new ConfigurationError([
        { variable: 'CARAVAN_INSTALLATION', says, remedy: 'each installation has a database of its own' },
      ]);
    }
  }

  /**
   * Seals all CA keys anew with the newest master key, in one transaction, while services run: whoever keeps a new authority at that
   * moment waits, and seals it with that one too.
   *
   * @returns how many there are; 0 when it was in use already
   * @throws ConfigurationError when the one that is in use is not among them
   */
  async rewrap(masterKeys: MasterKeys): Promise<number> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const count = await rewrapAll(client, masterKeys);
      await client.query('commit');
      return count;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }
}

async function rewrapAll(client: PoolClient, masterKeys: MasterKeys): Promise<number> {
  const { rows } = await client.query<VaultRow>('select installation, key_id, canary from vault for update');
  const vault = rows[0];
  if (!vault) throw nothingSealed();
  const [from, to] = [keyInUse(vault, masterKeys), masterKeys.newest];
  const keyId = sealKeyId(to.reveal());
  if (keyId === vault.key_id) return 0;
  let count = 0;
  for (const table of ['authorities', 'authority_requests'] as const) {
    const { rows: sealedKeys } = await client.query<{ authority_id: string; sealed_key: Buffer }>(
      `select authority_id, sealed_key from ${table} where sealed_key is not null`,
    );
    for (const { authority_id: id, sealed_key: sealed } of sealedKeys) {
      const rewrapped = SealedKeys.rewrapped(id, sealed, from, to);
      await client.query(`update ${table} set sealed_key = $2 where authority_id = $1`, [id, rewrapped]);
    }
    count += sealedKeys.length;
  }
  await client.query('update vault set key_id = $1, canary = $2', [keyId, canaryOf(vault.installation, to)]);
  return count;
}

function keyInUse({ key_id: keyId, canary }: VaultRow, masterKeys: MasterKeys): Secret<Buffer> {
  const key = masterKeys.find(keyId);
  try {
    if (key) unseal(canary, key.reveal(), CONTEXT);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw notTheOne(keyId);
  }
  if (!key) throw notTheOne(keyId);
  return key;
}

const canaryOf = (installation: string, masterKey: Secret<Buffer>): Buffer =>
  seal(Buffer.from(installation), masterKey.reveal(), CONTEXT, randomNonce());

const notTheOne = (keyId: string): ConfigurationError =>
  new ConfigurationError([
    {
      variable: 'PKI_MASTER_KEY',
      says: `is another key than the one that CA keys were sealed with (${keyId})`,
      remedy: 'give back the old one; nothing was changed',
    },
  ]);

const nothingSealed = (): ConfigurationError =>
  new ConfigurationError([
    { variable: 'DATABASE_URL', says: 'names a database without authorities', remedy: 'run `init` first' },
  ]);
