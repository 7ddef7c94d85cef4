import type { Secret } from '@caravan/pki';
import pg from 'pg';

/** Makes the database `name` on the server at `adminUrl` unless it exists. */
export async function ensureDatabase(adminUrl: Secret<string>, name: string): Promise<void> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`"${name}" cannot be a database name: use a-z, 0-9 and _`);
  const client = new pg.Client({ connectionString: adminUrl.reveal(), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the query that it fails says so
  await client.connect();
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rows.length === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
}
