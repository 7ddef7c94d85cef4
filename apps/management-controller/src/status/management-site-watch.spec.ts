import { describe, expect, it } from 'vitest';
import type { ItemState } from '@caravan/data-plane';
import { troubleOf } from './management-site-watch.js';

const from = new Date('2026-01-01T12:00:00.000Z');
const after = (seconds: number) => new Date(from.getTime() + seconds * 1_000);
const seen = (at: Date, items: Record<string, ItemState> = {}) => ({
  siteId: 's',
  lastSeenAt: at.toISOString(),
  version: '0.1.0',
  appliedRevision: 1,
  observation: { items, links: [] },
});

describe('the management plane’s own site', () => {
  it('is waited for', () => {
    expect(troubleOf(undefined, after(20), from)).toBeUndefined();
    expect(troubleOf(undefined, after(30), from)).toMatchObject({
      status: 'away',
      code: 'management-site.silent',
      says: expect.stringContaining('not reported yet'),
    });
  });

  it('is away when it falls silent, and not because nobody was there to hear it', () => {
    expect(troubleOf(seen(after(0)), after(20), from)).toBeUndefined();
    expect(troubleOf(seen(after(0)), after(30), from)?.says).toContain('since 2026-01-01T12:00:00.000Z');
    expect(troubleOf(seen(after(-3_600)), after(20), from)).toBeUndefined();
    expect(troubleOf(seen(after(-3_600)), after(30), from)).toMatchObject({ status: 'away' });
  });

  it('says what of it is not as it should be', () => {
    const away = { state: 'waiting', detail: 'the relay of this site is away' } as const;
    const items = { 'link/one': { state: 'applied' } as const, 'link/two': away, 'link/three': away };
    expect(troubleOf(seen(after(0), items), after(1), from)).toMatchObject({
      code: 'management-site.not-applied',
      says: expect.stringMatching(/link\/two: waiting, the relay of this site is away, and 1 more/),
    });
    expect(troubleOf(seen(after(0), { one: { state: 'applied' } }), after(1), from)).toBeUndefined();
  });

  it('is not judged by a report that nobody understands', () => {
    const strange = { ...seen(after(0)), observation: 'well' };
    expect(troubleOf(strange, after(1), from)).toBeUndefined();
  });
});
