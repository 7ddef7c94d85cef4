export type { PgClient, PgPool, Queryable } from './pg.js';
export { CHECKPOINT_TABLE, checkpointTableSql, QUARANTINE_TABLE, quarantineTableSql } from './schema.js';
export { PostgresProjectionStore } from './projection-store.js';
export type { PostgresProjectionOptions } from './projection-store.js';
export { PostgresQuarantine } from './quarantine.js';
export { PostgresWitnessLedger, witnessTablesSql } from './witness-ledger.js';
