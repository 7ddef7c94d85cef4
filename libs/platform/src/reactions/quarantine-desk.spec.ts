import { describe, expect, it } from 'vitest';
import { InMemoryQuarantine, NotYet } from '@caravan/event-store';
import { QuarantineDesk } from './quarantine-desk.js';

const entry = { reaction: 'cert-service-issuing', position: 7, stream: 'caravan.evt.x.y.z', reason: 'no ink' };

describe('the quarantine desk', () => {
  const setUp = async (handleAgain: (position: number) => Promise<void> = () => Promise.resolve()) => {
    const quarantine = new InMemoryQuarantine();
    await quarantine.record(entry);
    const desk = new QuarantineDesk(quarantine, () => new Map([[entry.reaction, { handleAgain }]]));
    return { quarantine, desk };
  };
  const { reaction, position } = entry;

  it('shows what was put aside, and says so in words', async () => {
    const { desk, quarantine } = await setUp();
    expect(desk.trouble()).toBeUndefined(); // before the first look
    expect(await desk.answer({ command: 'list' })).toEqual({ entries: [{ ...entry, recordedAt: null }] });
    expect(desk.trouble()).toMatchObject({
      code: 'reaction.quarantined',
      says: expect.stringMatching(/cert-service-issuing put position 7 .*no ink$/),
      remedy: expect.stringContaining('caravan quarantine list'),
      hinders: false,
    });
    await quarantine.record({ ...entry, position: 9 });
    await desk.look();
    expect(desk.trouble()?.says).toMatch(/, and 1 more$/);
  });

  it('has one handled again and leaves it there; releases it when that is said', async () => {
    const handled: number[] = [];
    const { desk } = await setUp(async (at) => void handled.push(at));
    expect((await desk.answer({ command: 'retry', reaction, position })).entries).toHaveLength(1);
    expect(handled).toEqual([7]);
    expect((await desk.answer({ command: 'release', reaction, position })).entries).toEqual([]);
    expect(desk.trouble()).toBeUndefined();
    expect((await desk.answer({ command: 'release', reaction, position })).entries).toEqual([]); // a second time
  });

  it('says why it failed again', async () => {
    for (const [error, words] of [
      [new Error('no ink'), /it failed again: no ink/],
      [new NotYet('awaiting ink'), /not there yet: awaiting ink/],
    ] as const) {
      const { desk } = await setUp(() => Promise.reject(error));
      await expect(desk.answer({ command: 'retry', reaction, position })).rejects.toMatchObject({
        code: 'quarantine.retry-failed',
        details: { detail: expect.stringMatching(words) },
      });
    }
  });

  it('handles nothing that was not put aside, and understands nothing else', async () => {
    const handled: number[] = [];
    const { desk } = await setUp(async (at) => void handled.push(at));
    for (const wanted of [{ position: 8 }, { reaction: 'another' }]) {
      const request = { command: 'retry', reaction, position, ...wanted };
      await expect(desk.answer(request)).rejects.toMatchObject({ code: 'quarantine.unknown' });
    }
    await expect(desk.answer({ command: 'burn' })).rejects.toMatchObject({ code: 'request.invalid' });
    expect(handled).toEqual([]);
  });
});
