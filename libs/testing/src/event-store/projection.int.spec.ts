import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { useProjectedNotebooks } from './projected-notebooks.fixture.js';

describe('a projection', () => {
  const notebooks = useProjectedNotebooks();

  it('is what a fold of the log is, whatever the batches', async () => {
    await notebooks.load(60);
    await notebooks.command('RemoveAllNotes', 'n1');
    await notebooks.write('n1', 'ünïcode ✓ "quoted" \\ {braces}, and, commas');
    await notebooks.command('CloseNotebook', 'n2');
    const live = notebooks.run({ batch: 7 });
    await notebooks.command('RemoveAllNotes', 'n3');
    const { position } = await notebooks.write('n4', 'last');
    expect(await live.waitFor(position, 10_000)).toBe(true);
    expect(live.status).toEqual({ status: 'running', position });
    expect(await live.waitFor(position + 1, 50)).toBe(false);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
    expect((await notebooks.stored()).notes.length).toBeGreaterThan(40);
  });

  it('is what a fold is after nats-server was killed under load and started again', async () => {
    const runner = notebooks.run();
    await notebooks.load(100);
    const loading = notebooks.load(600, 100).catch(() => undefined);
    await sleep(60);
    await notebooks.nats.kill();
    await notebooks.nats.restart();
    await loading;
    const last = await eventually('an end is written', () => notebooks.load(20, 10_000).catch(() => undefined));
    expect(await runner.waitFor(last, 20_000)).toBe(true);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
  });

  it('is what a fold is after PostgreSQL was killed under load and started again', async () => {
    const runner = notebooks.run({ batch: 3 });
    const loading = notebooks.load(400);
    await runner.waitFor(50, 10_000);
    await notebooks.postgres.kill();
    await sleep(100);
    await notebooks.postgres.restart();
    expect(await runner.waitFor(await loading, 20_000)).toBe(true);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
    expect(notebooks.problems).not.toEqual([]);
  });

  it('has one owner; another stands by, knows the position, and takes over', async () => {
    const one = notebooks.run();
    await notebooks.load(20);
    await one.waitFor(20, 10_000);
    const two = notebooks.run();
    const last = await notebooks.load(20, 100);
    expect(await two.waitFor(last, 10_000)).toBe(true);
    expect([one.status.status, two.status.status]).toEqual(['running', 'standby']);
    await one.stop();
    const next = await notebooks.load(20, 200);
    expect(await two.waitFor(next, 10_000)).toBe(true);
    expect([one.status.status, two.status.status]).toEqual(['stopped', 'running']);
    // An owner whose connection is cut loses the ownership with it, and with whatever it had under way.
    const three = notebooks.run();
    await sleep(200);
    const loading = notebooks.load(200, 1_000);
    const { rows } = await notebooks.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database =
         (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(rows).toHaveLength(1);
    const end = await loading;
    expect(await Promise.all([two.waitFor(end, 10_000), three.waitFor(end, 10_000)])).toEqual([true, true]);
    expect([two.status.status, three.status.status].sort()).toEqual(['running', 'standby']);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
  });

  it('does not write what somebody else has written', async () => {
    const runner = notebooks.run();
    await runner.waitFor(await notebooks.load(20), 10_000);
    await notebooks.pool.query('UPDATE projection_checkpoint SET position = position + 1, commit_hash = NULL');
    await notebooks.load(20, 100);
    await eventually('a problem', () => notebooks.problems.length > 0);
    expect(notebooks.problems[0]).toMatch(/somebody else/);
  });
});
