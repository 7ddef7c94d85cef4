/** `@Inject(PG_POOL) pool: Pool`: the pool that TypeORM uses. Do not end it. By itself, so that who has none does not load TypeORM. */
export const PG_POOL = Symbol('PostgreSQL pool');
