import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The pool underneath: for hot paths and advisory locks that TypeORM would only stand before. */
export function poolOf(source: DataSource): Pool {
  return (source.driver as unknown as { master: Pool }).master;
}
