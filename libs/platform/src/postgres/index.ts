export { isDatabaseAway } from './is-database-away.js';
export { openDataSource } from './open-data-source.js';
export { poolOf } from './pool-of.js';
export type { Database } from './open-data-source.js';
export { PG_POOL } from './pg-pool.js';
export { PostgresModule } from './postgres.module.js';
export { postgresAway } from './watch-postgres.js';
