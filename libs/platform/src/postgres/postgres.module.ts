import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { PostgresVariables } from '../config/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { openDataSource, poolOf } from './open-data-source.js';
import type { Database } from './open-data-source.js';

/** `@Inject(PG_POOL) pool: Pool`: the pool that TypeORM uses. Do not end it. */
export const PG_POOL = Symbol('PostgreSQL pool');

/**
 * One DataSource for the app, migrated. Global; `@InjectDataSource()`, `@InjectRepository(Row)` (with
 * `TypeOrmModule.forFeature([Row])`) and `@Inject(PG_POOL)` give access.
 */
@Module({})
export class PostgresModule {
  static of(variables: PostgresVariables, database: Database): DynamicModule {
    return {
      module: PostgresModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [SERVICE],
          // The source is opened in the factory below, which needs the service; options alone would go through Nest's own retries.
          useFactory: (service: Service) => ({ type: 'postgres', retryAttempts: 0, service }) as object,
          dataSourceFactory: async (options) =>
            openDataSource(variables, database, (options as unknown as { service: Service }).service),
        }),
      ],
      providers: [
        { provide: PG_POOL, inject: [getDataSourceToken()], useFactory: (source: DataSource) => poolOf(source) },
      ],
      exports: [PG_POOL, TypeOrmModule],
    };
  }
}
