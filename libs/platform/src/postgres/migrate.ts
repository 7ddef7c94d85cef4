import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Log } from '../logging/index.js';
import { poolOf } from './pool-of.js';

/**
 * Makes the schema and runs what migrations are missing. Replicas that start together wait for one another: the lock is held
 * by one connection of its own, so a killed process lets go of it.
 */
export async function migrate(source: DataSource, schema: string, log: Log): Promise<void> {
  const client = await poolOf(source).connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [lockName(schema)]);
    // Not one of the migrations: their own table is kept in it.
    await client.query(`create schema if not exists ${identifier(schema)}`);
    const ran = await source.runMigrations({ transaction: 'each' });
    for (const { name } of ran) log.info({ schema, migration: name }, 'migrated');
  } finally {
    await unlock(client, schema);
  }
}

async function unlock(client: PoolClient, schema: string): Promise<void> {
  const failed = await client.query('select pg_advisory_unlock(hashtext($1))', [lockName(schema)]).then(
    () => undefined,
    (error: Error) => error,
  );
  // A connection in doubt is thrown away, and the lock goes with it.
  client.release(failed);
}

const lockName = (schema: string): string => `caravan/${schema}/migrations`;

function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new RangeError(`not a schema name: ${name}`);
  return `"${name}"`;
}
