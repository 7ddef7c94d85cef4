import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { Doors, shutWhileUnheard } from './doors.js';

const link = { kind: 'link' } as Item;
const manage = { kind: 'access-point', access: 'manage' } as Item;
const peer = { kind: 'access-point', access: 'peer' } as Item;
const shutTo = (items: Item[], havePeersWaited = false) => [...shutWhileUnheard(items, havePeersWaited)].sort();

describe('until the management plane was heard', () => {
  it.each([
    ['a link that it dials', link],
    ['an access point that the management plane dials', manage],
  ])('peers wait for some seconds where the word may come by %s', (_, way) => {
    expect(shutTo([peer, way])).toEqual(['claim', 'member', 'peer']);
    expect(shutTo([peer, way], true)).toEqual(['claim', 'member']);
  });

  it('peers come in at once where it can come over them alone', () => {
    expect(shutTo([peer])).toEqual(['claim', 'member']);
  });
});

describe('doors', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const watched = (options: { hasHeard?: boolean; openAfterMs?: number }) => {
    const changed = vi.fn();
    const doors = new Doors({ ...options, changed });
    return { doors, changed, shut: () => [...doors.shut([link])] };
  };

  it('open with the first word, once', () => {
    const { doors, changed, shut } = watched({});
    expect(shut()).toEqual(['claim', 'member', 'peer']);
    doors.hear();
    doors.hear();
    expect(shut()).toEqual([]);
    expect(doors.hasHeard).toBe(true);
    vi.advanceTimersByTime(1e6);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('were open before, and stay so', () => {
    const { changed, shut } = watched({ hasHeard: true });
    expect(shut()).toEqual([]);
    vi.advanceTimersByTime(1e6);
    expect(changed).not.toHaveBeenCalled();
  });

  it('say when they open by themselves', () => {
    const { changed, shut } = watched({ openAfterMs: 60_000 });
    vi.advanceTimersByTime(4_999);
    expect([shut(), changed.mock.calls.length]).toEqual([['claim', 'member', 'peer'], 0]);
    vi.advanceTimersByTime(1);
    expect([shut(), changed.mock.calls.length]).toEqual([['claim', 'member'], 1]);
    vi.advanceTimersByTime(54_999);
    expect(shut()).toEqual(['claim', 'member']);
    vi.advanceTimersByTime(1);
    expect([shut(), changed.mock.calls.length]).toEqual([[], 2]);
  });
});
