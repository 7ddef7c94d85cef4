import { describe, expect, it } from 'vitest';
import type { ListenerItem } from '@caravan/data-plane';
import { CAPABILITY } from '@caravan/events';
import type { SyncReply } from '@caravan/events';
import { after, desiredFrom, isTooLittle, nothingDesired, understood } from './desired-state.js';
import { desiredStateFromText, desiredStateToText } from './desired-state-text.js';

const listener = (id: string, port = 8080): ListenerItem => ({
  kind: 'listener',
  id,
  networkId: 'n',
  address: 'inventory',
  host: '127.0.0.1',
  port,
});
const entry = (id: string, revision: number, port?: number) => ({
  key: `listener/${id}`,
  revision,
  item: listener(id, port),
});
const snapshot = (revision: number, ...items: SyncReply['items']): SyncReply => ({
  kind: 'snapshot',
  revision,
  items,
  removed: [],
});

describe('the desired state of a site', () => {
  const known = after(nothingDesired, snapshot(10, entry('a', 4), entry('b', 9)));

  it('is what a snapshot says, and nothing else', () => {
    const next = after(known, snapshot(12, entry('c', 12)));
    expect(next.revision).toBe(12);
    expect([...next.entries.keys()]).toEqual(['listener/c']);
  });

  it('is what it was with the changes of a delta', () => {
    const next = after(known, {
      kind: 'delta',
      revision: 13,
      items: [entry('b', 13, 9090), entry('c', 12)],
      removed: ['listener/a', 'listener/never-there'],
    });
    expect(next.revision).toBe(13);
    expect([...next.entries]).toEqual([
      ['listener/b', { revision: 13, item: listener('b', 9090) }],
      ['listener/c', { revision: 12, item: listener('c') }],
    ]);
    expect(known.entries.size).toBe(2);
  });

  it('learns the position of an empty delta', () => {
    const next = after(known, { kind: 'delta', revision: 20, items: [], removed: [] });
    expect(next.revision).toBe(20);
    expect(next.entries).toBe(known.entries);
  });

  it('is not changed by a delta from before what it knows', () => {
    expect(after(known, { kind: 'delta', revision: 9, items: [entry('z', 9)], removed: [] })).toBe(known);
  });

  it('goes back with a snapshot: the log was restored', () => {
    expect(after(known, snapshot(3, entry('a', 3))).revision).toBe(3);
  });

  it('is read from disk as it was written', () => {
    expect(desiredStateFromText(desiredStateToText(known))).toEqual(known);
  });

  it('begins with the items of the input file, at no position', () => {
    expect(desiredFrom([listener('a'), { odd: true }])).toEqual({
      capability: 1,
      revision: 0,
      entries: new Map<string, object>([
        ['listener/a', { revision: 0, item: listener('a') }],
        ['unknown/1', { revision: 0, item: { odd: true } }],
      ]),
    });
  });
});

describe('what was heard when less was known', () => {
  const empty: SyncReply = { kind: 'delta', revision: 11, items: [], removed: [] };
  const heard = (capability?: number) =>
    after(nothingDesired, { ...snapshot(10, entry('a', 4)), ...(capability !== undefined && { capability }) });

  it('is asked for anew as soon as both sides know more', () => {
    for (const [before, now, isSo] of [
      [1, 2, true],
      [undefined, 2, true],
      [2, CAPABILITY, true],
      [2, 2, false],
      [CAPABILITY, CAPABILITY, false],
      [CAPABILITY, CAPABILITY + 1, false], // this version does not know what that is
      [2, 1, false],
      [2, undefined, false],
    ] as const) {
      expect(isTooLittle(heard(before), { ...empty, ...(now !== undefined && { capability: now }) })).toBe(isSo);
    }
    expect(isTooLittle(heard(1), { ...snapshot(11), capability: 2 })).toBe(false);
  });

  it('is remembered over a restart, and by what the first versions wrote', () => {
    expect(desiredStateFromText(desiredStateToText(heard(2))).capability).toBe(2);
    expect(desiredStateFromText('{"revision":9,"entries":[]}')).toMatchObject({ capability: 1, revision: 9 });
  });
});

describe('an item that this version does not understand', () => {
  const item = { kind: 'tunnel', id: 'x', since: 'a later version' };
  const state = after(
    nothingDesired,
    snapshot(
      5,
      entry('a', 4),
      { key: 'tunnel/x', revision: 5, item },
      { key: 'listener/y', revision: 5, item: listener('z') },
    ),
  );

  it('is refused with a reason, and the others are carried out', () => {
    const { items, refused } = understood(state);
    expect(items).toEqual([listener('a')]);
    expect(refused.get('tunnel/x')).toContain('does not understand');
    expect(refused.get('listener/y')).toContain('listener/z under another key');
  });

  it('is kept as it came, for a version that does', () => {
    expect(desiredStateFromText(desiredStateToText(state)).entries.get('tunnel/x')?.item).toEqual(item);
  });
});
