import { describe, expect, it } from 'vitest';
import { Health } from './index.js';

describe('what a service says of itself', () => {
  let time = 0;
  const health = () => new Health(() => new Date(Date.UTC(2026, 0, 1, 12, 0, time)));

  it('is every component, with what is wrong, since when, and what to do', () => {
    const here = health();
    let wrong = false;
    here.watch('nats', () => (wrong ? 'it is gone' : undefined));
    here.watch('log', () => (wrong ? { says: 'another one', code: 'log.diverged', remedy: 'restore it' } : undefined));
    const fine = { status: 'ok', says: 'fine', since: null, remedy: null, code: null };
    expect(here.conditions()).toEqual([
      { component: 'nats', ...fine },
      { component: 'log', ...fine },
    ]);
    wrong = true;
    const first = here.conditions();
    time = 30;
    expect(here.conditions()).toEqual(first);
    const since = '2026-01-01T12:00:00.000Z';
    expect(first).toEqual([
      { component: 'nats', status: 'degraded', says: 'it is gone', since, remedy: null, code: null },
      { component: 'log', status: 'degraded', says: 'another one', since, remedy: 'restore it', code: 'log.diverged' },
    ]);
    wrong = false;
    here.conditions();
    wrong = true;
    expect(here.conditions()[0]?.since).toBe('2026-01-01T12:00:30.000Z'); // it began anew
  });

  it('keeps it from being ready, unless it can do its work all the same', () => {
    const here = health();
    here.watch('nats', () => ({ says: 'it is gone', status: 'away' }));
    here.watch('cert-service', () => ({ says: 'it is gone', status: 'away', hinders: false }));
    expect(here.troubles()).toEqual([{ component: 'nats', says: 'it is gone' }]);
    expect(here.conditions().map(({ status }) => status)).toEqual(['away', 'away']);
  });
});

describe('followers of the log', () => {
  const consumer = (name: string, at: () => number, status: 'running' | 'halted' | 'standby' = 'running') =>
    ({ name, kind: 'fold', look: () => ({ status, position: at() }) }) as const;

  it('say how far behind its end they are', async () => {
    const { followers } = new Health();
    followers.add(consumer('lists', () => 7));
    followers.add({ name: 'issuing', kind: 'reaction', look: () => ({ status: 'running', position: 3, waiting: 2 }) });
    followers.add({ name: 'gone', kind: 'reaction', look: () => Promise.reject(new Error('no answer')) });
    await followers.look(10);
    expect(followers.states()).toEqual([
      { name: 'lists', kind: 'fold', status: 'running', position: 7, behind: 3 },
      { name: 'issuing', kind: 'reaction', status: 'running', position: 3, behind: 2 },
      { name: 'gone', kind: 'reaction', status: 'running', position: null, behind: null },
    ]);
    await followers.look(undefined);
    expect(followers.states()[0]).toMatchObject({ position: 7, behind: null });
  });

  it('are in trouble when they do not get from the spot, and only then', async () => {
    const { followers } = new Health();
    let [slow, stuck, end] = [0, 4, 5];
    followers.add(consumer('slow', () => slow++));
    followers.add(consumer('stuck', () => stuck));
    followers.add(consumer('standing by', () => 1, 'standby'));
    followers.add(consumer('halted', () => 1, 'halted'));
    for (let looks = 0; looks < 6; looks++) await followers.look(end++);
    expect(followers.trouble()).toMatchObject({
      code: 'log.behind',
      says: 'stuck stays at 4, 6 behind the log’s end',
    });
    stuck = 10;
    await followers.look(end);
    expect(followers.trouble()).toBeUndefined();
  });

  it('that had dealt with all that there was are asked again when there is more, or when that is not known', async () => {
    const { followers } = new Health();
    let [asked, waiting] = [0, 1];
    const look = () => ({ status: 'running', position: ++asked, waiting }) as const;
    followers.add({ name: 'issuing', kind: 'reaction', look });
    const askedBy = async (end: number | undefined) => {
      await followers.look(end);
      return asked;
    };
    expect(await askedBy(10)).toBe(1);
    expect(await askedBy(10)).toBe(2); // one was waiting
    waiting = 0;
    expect(await askedBy(10)).toBe(3);
    expect(await askedBy(10)).toBe(3);
    expect(followers.states()).toEqual([
      { name: 'issuing', kind: 'reaction', status: 'running', position: 3, behind: 0 },
    ]);
    expect(await askedBy(11)).toBe(4);
    expect(await askedBy(undefined)).toBe(5);
    expect(await askedBy(11)).toBe(6);
  });

  it('that have nothing to do are not behind', async () => {
    const { followers } = new Health();
    followers.add(consumer('idle', () => 5));
    for (let looks = 0; looks < 6; looks++) await followers.look(5);
    expect(followers.trouble()).toBeUndefined();
  });
});
