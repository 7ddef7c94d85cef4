export { postgresProcess } from './postgres-process.js';
export type { PostgresOptions, PostgresProcess } from './postgres-process.js';
export { startPostgres } from './start-postgres.js';
export type { PostgresServer } from './start-postgres.js';
