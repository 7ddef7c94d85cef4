import type { DataSource } from 'typeorm';
import type { Condition, Health } from '../health/index.js';
import { lookEvery } from '../lifecycle/look-every.js';

const LOOK_EVERY_MS = 2_000;
const ANSWERS_WITHIN_MS = 2_000;

/** How it is said that PostgreSQL is away. */
export const postgresAway = (says: string): Condition => ({
  says,
  status: 'away',
  code: 'database.away',
  remedy: 'start PostgreSQL, and look at its log; connections open by themselves',
});

/** Asks PostgreSQL from time to time whether it is there, for as long as the source is open. */
export function watchPostgres(source: DataSource, health: Health): void {
  let trouble: string | undefined;
  const unwatch = health.watch('postgres', () => trouble && postgresAway(trouble));
  const lookNoMore = lookEvery(LOOK_EVERY_MS, async () => {
    if (source.isInitialized) return look();
    lookNoMore();
    unwatch();
  });

  async function look(): Promise<void> {
    const slow = setTimeout(
      () => (trouble = `PostgreSQL has not answered for ${ANSWERS_WITHIN_MS / 1000} s`),
      ANSWERS_WITHIN_MS,
    );
    try {
      await source.query('select 1');
      trouble = undefined;
    } catch (error) {
      trouble = `no connection to PostgreSQL: ${(error as Error).message}`;
    } finally {
      clearTimeout(slow);
    }
  }
}
