import { describe, expect, it } from 'vitest';
import { PostgresProjectionStore } from '@caravan/event-store/postgres';
import { projections, useProjectedNotebooks } from './projected-notebooks.fixture.js';

describe('a projection', () => {
  const notebooks = useProjectedNotebooks();

  it('is rebuilt to the same rows, which can be read meanwhile, at the wish of any replica', async () => {
    const last = await notebooks.load(200);
    const small = new PostgresProjectionStore({
      pool: notebooks.pool,
      name: 'notebooks',
      projections,
      rebuildRows: 20,
    });
    const owner = notebooks.run({ store: small });
    await owner.waitFor(last, 10_000);
    const standby = notebooks.run();
    await standby.waitFor(last, 10_000);
    const before = await notebooks.stored();
    await notebooks.pool.query(`UPDATE note SET text = 'tampered' WHERE id = 'n1/1'; DELETE FROM note WHERE id = 'n2/2';
      INSERT INTO notebook VALUES ('ghost', 1, NULL)`);
    const watching = new AbortController();
    const counts = new Set<number>();
    const watch = (async () => {
      while (!watching.signal.aborted) counts.add((await notebooks.stored()).notes.length);
    })();
    await Promise.all([standby.rebuild(), notebooks.load(40, 5_000)]);
    watching.abort();
    await watch;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(before.notes.length - 1); // never half of it
    await owner.waitFor(last + 40, 10_000);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
    await notebooks.command('RemoveAllNotes', 'n5');
    await owner.rebuild();
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
    await owner.stop();
    await standby.rebuild(); // all rows in memory
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
    expect((await notebooks.pool.query('SELECT rebuilds, request FROM projection_checkpoint')).rows).toEqual([
      { rebuilds: '3', request: null },
    ]);
  });
});
