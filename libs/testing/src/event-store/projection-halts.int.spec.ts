import { describe, expect, it } from 'vitest';
import { eventRegistry } from '@caravan/event-store';
import type { ProjectionSession } from '@caravan/event-store';
import { HaltedError, JetStreamEventStore } from '@caravan/event-store/jetstream';
import { PostgresProjectionStore } from '@caravan/event-store/postgres';
import { eventually } from '../eventually.js';
import { notebookEvents, notebookStream } from './notebook.js';
import { projections, registry, useProjectedNotebooks } from './projected-notebooks.fixture.js';

describe('a projection', () => {
  const notebooks = useProjectedNotebooks();

  it('halts on poison, shows it everywhere, and goes on when it can be read', async () => {
    await notebooks.load(20);
    const { data, ...rest } = (await new JetStreamEventStore(notebooks.nc, { registry }).read(notebookStream('n1')))
      .events[0]!;
    const commit = {
      format: 1,
      ...rest.metadata,
      previous: null,
      at: rest.at,
      events: [{ type: 'NoteBurned', version: 1, data }],
    };
    await notebooks.nc.request('caravan.evt.topology.notebook.n1', JSON.stringify(commit));
    const behind = await notebooks.write('n2', 'behind');
    const owner = notebooks.run();
    await expect(owner.waitFor(behind.position, 10_000)).rejects.toThrow(HaltedError);
    const halt = {
      kind: 'newer',
      position: 21,
      stream: 'caravan.evt.topology.notebook.n1',
      reason: 'no event NoteBurned is declared',
    };
    expect(owner.status).toEqual({ status: 'halted', position: 20, halt });
    expect(notebooks.halts).toHaveLength(1);
    const standby = notebooks.run();
    await expect(standby.waitFor(behind.position, 10_000)).rejects.toMatchObject({ halt });
    expect((await notebooks.pool.query('SELECT * FROM projection_checkpoint')).rows).toMatchObject([
      { name: 'notebooks', position: '20', halted_position: '21', halted_reason: halt.reason, halted_kind: 'newer' },
    ]);
    expect((await notebooks.stored()).notes).toHaveLength(20); // all before it, nothing behind it

    await owner.resume(); // nothing was repaired
    await eventually('another halt', () => notebooks.halts.length >= 2);
    expect(notebooks.halts).toHaveLength(2);
    await expect(owner.rebuild()).rejects.toThrow(HaltedError);
    expect((await notebooks.stored()).notes).toHaveLength(20); // and the rows are still there

    await Promise.all([owner.stop(), standby.stop()]);
    const knowing = eventRegistry([...notebookEvents, { ...registry.types.get('NoteWritten')!, type: 'NoteBurned' }]);
    const upgraded = notebooks.run({ registry: knowing });
    expect(await upgraded.waitFor(behind.position, 10_000)).toBe(true);
    expect((await notebooks.pool.query('SELECT halted_reason FROM projection_checkpoint')).rows).toEqual([
      { halted_reason: null },
    ]);
  });

  it('halts at the very commit whose row does not fit', async () => {
    await notebooks.load(20);
    const bad = await notebooks.write('n3', 'unfit');
    const last = await notebooks.load(20, 100);
    const runner = notebooks.run();
    await expect(runner.waitFor(last, 10_000)).rejects.toThrow(/check constraint/);
    expect(runner.status).toMatchObject({
      status: 'halted',
      position: bad.position - 1,
      halt: { position: bad.position },
    });
    await notebooks.pool.query('ALTER TABLE note DROP CONSTRAINT note_text_check');
    await runner.resume();
    await eventually('it goes on', () => runner.status.status !== 'halted');
    expect(await runner.waitFor(last, 10_000)).toBe(true);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
  });

  it('does what it is asked for at the moment at which it halts', async () => {
    const runner = notebooks.run();
    await runner.waitFor(await notebooks.load(20), 10_000);
    await runner.stop();
    await notebooks.emptyLog();
    const { position } = await notebooks.write('n1', 'another');
    const store = new (class extends PostgresProjectionStore {
      override async own(): Promise<ProjectionSession | undefined> {
        const session = await super.own();
        const halt = session?.halt.bind(session);
        const askThenHalt = async (...why: Parameters<ProjectionSession['halt']>): Promise<void> => {
          if (notebooks.halts.length === 0) await this.request('rebuild');
          return halt?.(...why);
        };
        return session && Object.assign(session, { halt: askThenHalt });
      }
    })({ pool: notebooks.pool, name: 'notebooks', projections });
    const after = notebooks.run({ store });
    await eventually('it has halted', () => notebooks.halts.length > 0);
    await eventually('it is rebuilt', async () => (await store.state()).rebuilds === 1);
    expect(await after.waitFor(position, 10_000)).toBe(true);
    expect(await notebooks.stored()).toEqual(await notebooks.folded());
  });

  it.each(['shorter', 'longer'])('halts when the log was replaced by a %s one', async (length) => {
    const runner = notebooks.run();
    await runner.waitFor(await notebooks.load(20), 10_000);
    await runner.stop();
    await notebooks.emptyLog();
    await notebooks.load(length === 'longer' ? 40 : 0);
    const after = notebooks.run();
    await expect(after.waitFor(60, 10_000)).rejects.toThrow(
      length === 'longer' ? /was replaced/ : /went back|ends at 0/,
    );
    expect((await notebooks.stored()).notes).toHaveLength(20);
  });
});
