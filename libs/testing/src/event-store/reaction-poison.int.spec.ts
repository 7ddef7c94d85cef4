import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PermanentFailure, reactTo } from '@caravan/event-store';
import { commandMetadata } from '../specification/index.js';
import { NoteRemoved } from './index.js';
import { Reacting } from './reacting.fixture.js';

const reacting = new Reacting();
const { react, until, write } = reacting;

describe('a reaction', () => {
  it('puts poison aside and goes on, and handles it when it is repaired', async () => {
    let repaired = false;
    const consumer = react(
      (text) => {
        if (text === 'never' && !repaired) throw new PermanentFailure('no such notebook');
        if (text === 'stubborn') throw new Error('again');
      },
      { quarantineAfter: 2 },
    );
    await reacting.nc.request('caravan.evt.topology.notebook.n1', '{"format":1}');
    await write('n2', 'never');
    await write('n2', 'good');
    await write('n3', 'stubborn');
    await until('three in quarantine', async () => (await reacting.quarantine.list('spec-notes')).length === 3);
    await until('1 handled', () => reacting.handled.length === 1);
    const entries = await reacting.quarantine.list();
    expect(entries.map(({ position, stream }) => [position, stream.at(-1)])).toEqual([
      [1, '1'],
      [2, '2'],
      [4, '3'],
    ]);
    expect(entries[0]!.reason).toMatch(/no commit/);
    expect(entries[1]!.reason).toBe('no such notebook');
    expect(entries[2]!.reason).toMatch(/2 failures, the last: again/);
    await expect(consumer.handleAgain(2)).rejects.toThrow('no such notebook');
    repaired = true;
    await consumer.handleAgain(2);
    expect(reacting.handled).toEqual(['good', 'never']);
    await expect(consumer.handleAgain(99)).rejects.toMatchObject({ code: 'log.missing' });
    expect((await reacting.quarantine.list()).map(({ position }) => position)).toEqual([1, 2, 4]); // whoever repairs takes it out
    await reacting.quarantine.resolve('spec-notes', 2);
    expect((await reacting.quarantine.list()).map(({ position }) => position)).toEqual([1, 4]);
  });

  it('does not pass poison that it cannot record', async () => {
    let away = true;
    const record = reacting.quarantine.record.bind(reacting.quarantine);
    reacting.quarantine.record = async (entry) => (away ? Promise.reject(new Error('no database')) : record(entry));
    react(() => {
      throw new PermanentFailure('never');
    });
    await write('n1', 'bad');
    await until('it cannot be recorded', () => reacting.problems.some((problem) => problem.includes('no database')));
    expect(await reacting.quarantine.list()).toEqual([]);
    away = false;
    await until('one in quarantine', async () => (await reacting.quarantine.list()).length === 1);
  });

  it('is handled again whole when a later event of the commit fails', async () => {
    let failed = false;
    react(undefined, {
      handlers: [
        reactTo(NoteRemoved, async ({ data }) => {
          reacting.handled.push(`-${data.noteId}`);
          if (failed || data.noteId !== 'b') return;
          failed = true;
          throw new Error('once');
        }),
      ],
    });
    await write('n1', 'a');
    await write('n1', 'b');
    await reacting.handle({
      type: 'RemoveAllNotes',
      notebookId: 'n1',
      metadata: commandMetadata({ commandId: randomUUID() }),
    });
    await until('4 handled', () => reacting.handled.length === 4);
    expect(reacting.handled).toEqual(['-a', '-b', '-a', '-b']);
  });
});
