import { describe, expect, it } from 'vitest';
import { itemSchema, keyOf } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { AuthorityKind } from '@caravan/events';
import { backbone, example, site } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { authority } from '../trust-events.fixture.js';

const sites = ['north', 'south', 'hq', 'agency', 'management'];
const everything = (folded: Folded): Item[] => [
  ...sites.flatMap((name) => folded.states.site(id(name))),
  ...folded.states.bundle(id('north')),
  ...folded.states.bundle(id('south')),
  ...folded.states.invitation(id('store')),
];
const trusted = (items: Item[]) => items.flatMap((item) => ('trust' in item ? item.trust : []));

describe('what items trust', () => {
  it('is never a root, a parent or the management authority', () => {
    const trust = trusted(everything(new Folded()));
    expect(trust.length).toBeGreaterThan(10);
    expect(trust.filter((each) => !/^.*\n(infrastructure|claim|member) /.test(each))).toEqual([]);
  });

  it.each(['root', 'management', 'backbone', 'network'] as const)(
    'is no %s authority, even if it is said to be of a network or backbone',
    (kind: AuthorityKind) => {
      const folded = new Folded();
      const established = authority(kind, 'retail', 9);
      folded.take({
        ...established,
        data: { ...established.data, backboneId: id('demo'), networkId: id('retail') },
      });
      expect(trusted(everything(folded))).not.toContain(pem(`${kind} retail 9`));
    },
  );

  it('is of one network at the doors of that network', () => {
    for (const item of everything(new Folded())) {
      if (item.kind !== 'admission' || item.access === 'peer' || item.access === 'manage') continue;
      const owner = item.id.includes(id('retail')) ? 'retail' : 'travel';
      expect(item.trust).toEqual([pem(`${item.access} ${owner} 1`)]);
      expect(item.identity).toContain(`/network/${id(owner)}/${item.access}/`);
    }
  });

  it('is of one backbone at the doors of its peers', () => {
    const folded = new Folded([
      ...example,
      backbone('other'),
      authority('infrastructure', 'other'),
      site('far', 'other'),
    ]);
    expect(trusted(everything(folded))).not.toContain(pem('infrastructure other 1'));
  });

  it('lists every authority of a rotation, the newest first, in whatever order they came', () => {
    const folded = new Folded();
    folded.take(authority('claim', 'retail', 3), authority('claim', 'retail', 2));
    expect(folded.item('north', `admission/claim-${id('retail')}`)).toMatchObject({
      trust: [pem('claim retail 3'), pem('claim retail 2'), pem('claim retail 1')],
    });
  });

  it('lists one authority once, though it was established twice', () => {
    const folded = new Folded();
    folded.take(authority('claim', 'retail'), authority('claim', 'retail'));
    expect(folded.item('north', `admission/claim-${id('retail')}`)).toMatchObject({ trust: [pem('claim retail 1')] });
  });

  it('lists no more authorities than an item carries', () => {
    const folded = new Folded();
    for (let ordinal = 2; ordinal < 20; ordinal++) folded.take(authority('infrastructure', 'demo', ordinal));
    const { trust } = folded.item('south', `link/${id('south-north')}`) as { trust: string[] };
    expect(trust).toHaveLength(8);
    expect(trust[0]).toBe(pem('infrastructure demo 19'));
  });
});

describe('the items of a site', () => {
  it('are what libs/data-plane says they are', () => {
    for (const item of everything(new Folded())) expect(itemSchema.parse(item)).toEqual(item);
  });

  it('have keys of their own', () => {
    const folded = new Folded();
    for (const name of sites) {
      const keys = folded.states.site(id(name)).map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
