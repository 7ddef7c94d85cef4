import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { PostgresVariables } from '../config/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { openDataSource } from './open-data-source.js';
import { PG_POOL } from './pg-pool.js';
import { poolOf } from './pool-of.js';
import type { Database } from './open-data-source.js';

/**
 * TypeORM's module would end the source before all others are done with it, and then wait for them: in vain, since it is not their
 * turn yet. So it ends nothing.
 */
function leftOpen(source: DataSource): DataSource {
  source.destroy = () => Promise.resolve();
  return source;
}

/**
 * One DataSource for the app, migrated. Global; `@InjectDataSource()`, `@InjectRepository(Row)` (with
 * `TypeOrmModule.forFeature([Row])`) and `@Inject(PG_POOL)` give access. What uses it is imported behind it, and so closed before it.
 */
@Module({})
export class PostgresModule implements OnApplicationShutdown {
  constructor(@Inject(getDataSourceToken()) private readonly source: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await DataSource.prototype.destroy.call(this.source);
  }

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
            leftOpen(await openDataSource(variables, database, (options as unknown as { service: Service }).service)),
        }),
      ],
      providers: [
        { provide: PG_POOL, inject: [getDataSourceToken()], useFactory: (source: DataSource) => poolOf(source) },
      ],
      exports: [PG_POOL, TypeOrmModule],
    };
  }
}
