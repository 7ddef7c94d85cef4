export { isDatabaseAway } from './is-database-away.js';
export { openDataSource, poolOf } from './open-data-source.js';
export type { Database } from './open-data-source.js';
export { PG_POOL, PostgresModule } from './postgres.module.js';
