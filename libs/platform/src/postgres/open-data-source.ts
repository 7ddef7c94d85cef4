import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import type { PostgresVariables } from '../config/index.js';
import type { Service } from '../service/index.js';
import { waitOn } from '../lifecycle/wait-on.js';
import { isDatabaseAway } from './is-database-away.js';
import { migrate } from './migrate.js';
import { OrmLog } from './orm-log.js';
import { postgresAway, watchPostgres } from './watch-postgres.js';

/** An app's part of the database: its own schema, which nobody else writes. */
export interface Database {
  readonly schema: string;
  readonly entities?: NonNullable<DataSourceOptions['entities']>;
  /** In order; each class is named with its time: `CreateAuthorities1763600000000`. Their SQL names no schema. */
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
  /** Connections, at most. Default 10. */
  readonly poolSize?: number;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** What is looked at every few seconds comes in bursts, and each connection costs PostgreSQL a process: none is ended between two. */
const KEPT_IDLE_MS = 5 * 60_000;

/**
 * Connects to PostgreSQL, however long it takes, and brings the app's schema up to date. `search_path` is that schema alone, so
 * neither queries nor migrations can meet another app's tables by accident. From then on the health port says when it is away.
 *
 * @throws Ended when the service is to end before there is a connection
 */
export async function openDataSource(
  variables: PostgresVariables,
  database: Database,
  service: Service,
): Promise<DataSource> {
  const { log, health, ending } = service;
  let trouble: string | undefined = 'not yet connected to PostgreSQL';
  const unwatch = health.watch('postgres', () => trouble && postgresAway(trouble));
  for (let delay = FIRST_RETRY_MS; ; delay = Math.min(2 * delay, LAST_RETRY_MS)) {
    const source = new DataSource(optionsOf(variables, database, service));
    try {
      await source.initialize();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      const says = `no connection to PostgreSQL: ${(error as Error).message}`;
      if (says !== trouble) log.warn({ err: error }, `${says}; trying on`);
      trouble = says;
      await waitOn(delay, ending);
      continue;
    }
    unwatch();
    await migrate(source, database.schema, log);
    watchPostgres(source, health);
    return source;
  }
}

function optionsOf(
  { DATABASE_URL, DATABASE_CA_FILE }: PostgresVariables,
  { schema, entities = [], migrations, poolSize = 10 }: Database,
  { name, log }: Service,
): DataSourceOptions {
  return {
    type: 'postgres',
    url: DATABASE_URL.reveal(),
    ...(DATABASE_CA_FILE !== undefined && { ssl: { ca: readFileSync(DATABASE_CA_FILE, 'utf8') } }),
    schema,
    applicationName: name,
    poolSize,
    poolErrorHandler: (error: Error) => {
      log.warn({ err: error }, 'an idle PostgreSQL connection broke; the pool makes a new one');
    },
    entities,
    migrations,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: ['warn', 'error', 'migration'],
    logger: new OrmLog(log),
    connectTimeoutMS: 5_000,
    extra: { options: `-c search_path=${schema}`, idleTimeoutMillis: KEPT_IDLE_MS },
  };
}
