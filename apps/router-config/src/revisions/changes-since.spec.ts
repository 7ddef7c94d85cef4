import { describe, expect, it } from 'vitest';
import { ConnectorClosed, ListenerClosed } from '@caravan/events';
import { connector, listener, member } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id } from '../names.fixture.js';
import { authority } from '../trust-events.fixture.js';
import { KEPT_TOMBSTONES } from './site-revisions.js';

const inventory = `connector/${id('hq connects inventory')}`;
const till = `listener/${id('hq listens till')}`;
const closeTill = ListenerClosed({ memberId: id('hq'), listenerId: id('hq listens till') });
const closeInventory = ConnectorClosed({ memberId: id('hq'), connectorId: id('hq connects inventory') });

const ask = (folded: Folded, revision: number) => folded.changesSince('hq', revision);
const keysOf = ({ items }: { items: { key: string }[] }) => items.map(({ key }) => key);

describe('a site that asks what changed', () => {
  it('gets a delta of what changed since, each item with the position at which it did', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(listener('agency', 'travel', 'till'), listener('hq', 'retail', 'till'));
    expect(ask(folded, before)).toEqual({
      kind: 'delta',
      revision: before + 2,
      items: [{ key: till, revision: before + 2, item: folded.item('hq', till) }],
      removed: [],
    });
    expect(ask(folded, before + 2)).toMatchObject({ items: [], removed: [] });
  });

  it('gets what is gone since, and only that', () => {
    const folded = new Folded();
    folded.take(listener('hq', 'retail', 'till'));
    const before = folded.position;
    folded.take(closeTill);
    expect(ask(folded, before)).toEqual({ kind: 'delta', revision: before + 1, items: [], removed: [till] });
    expect(ask(folded, before + 1)).toMatchObject({ items: [], removed: [] });
  });

  it('gets an item that went and came back as the item that it is now', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(closeInventory, connector('hq', 'retail', 'inventory', 9191));
    const reply = ask(folded, before);
    expect(keysOf(reply)).toEqual([inventory]);
    expect(reply.items[0]?.item).toMatchObject({ port: 9191 });
    expect(reply.removed).toEqual([]);
  });

  it('gets every item that an authority is part of when that changes', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(authority('infrastructure', 'demo', 2));
    expect(keysOf(ask(folded, before)).every((key) => key.startsWith('link/'))).toBe(true);
    expect(ask(folded, before).items).toHaveLength(2);
  });

  it.each([
    ['knows nothing', 0],
    ['knows a position that the log has not come to', 1_000_000],
  ])('gets a snapshot when it %s', (_, revision) => {
    const folded = new Folded();
    const reply = ask(folded, revision);
    expect(reply).toMatchObject({ kind: 'snapshot', revision: folded.position, removed: [] });
    expect(keysOf(reply).sort()).toEqual(folded.keys('hq').sort());
    for (const { revision: changed } of reply.items) expect(changed).toBeGreaterThan(0);
  });

  it('gets a snapshot when it slept through more removals than are kept, and a delta when it did not', () => {
    const folded = new Folded();
    const asleep = folded.position;
    for (let count = 0; count <= KEPT_TOMBSTONES; count++) {
      const opened = listener('hq', 'retail', `l${count}`);
      folded.take(opened, ListenerClosed({ memberId: id('hq'), listenerId: opened.data.listenerId }));
    }
    expect(ask(folded, asleep)).toMatchObject({ kind: 'snapshot', removed: [] });
    // Since the first removal as many followed as are kept.
    const reply = ask(folded, asleep + 2);
    expect(reply.kind).toBe('delta');
    expect(reply.removed).toHaveLength(KEPT_TOMBSTONES);
    expect(ask(folded, asleep + 1)).toMatchObject({ kind: 'snapshot' });
  });

  it('is not made to forget what it has by the removals of others', () => {
    const folded = new Folded();
    const asleep = folded.position;
    for (let count = 0; count <= KEPT_TOMBSTONES; count++) {
      const opened = listener('agency', 'travel', `l${count}`);
      folded.take(opened, ListenerClosed({ memberId: id('agency'), listenerId: opened.data.listenerId }));
    }
    expect(ask(folded, asleep)).toMatchObject({ kind: 'delta', items: [], removed: [] });
  });
});

describe('ten thousand members', () => {
  it('concern nobody but themselves', () => {
    const folded = new Folded();
    for (let count = 0; count < 10_000; count++) {
      const name = `member-${count}`;
      expect([...folded.take(member(name, 'retail', ['north', 'south']))]).toEqual([id(name)]);
    }
    const before = folded.position;
    expect([...folded.take(listener('member-9999', 'retail', 'till'))]).toEqual([id('member-9999')]);
    expect(folded.changesSince('north', before)).toMatchObject({ items: [], removed: [] });
    expect(folded.changesSince('member-9999', before).items).toHaveLength(1);
  });
});
