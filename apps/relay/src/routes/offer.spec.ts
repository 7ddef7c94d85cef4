import { describe, expect, it } from 'vitest';
import type { Reach } from '@caravan/data-plane';
import { facetOf } from '../links/facet.js';
import type { Offer } from './offer.js';
import { heardOffer, offersLineSchema, ownScope } from './offer.js';

const offer = (more: Partial<Offer> = {}): Offer => ({
  scope: 'network:n2',
  address: 'inventory',
  cost: 3,
  path: ['b'],
  ...more,
});
const control = (more: Partial<Offer> = {}): Offer => offer({ scope: 'control', address: 'caravan.control', ...more });
const heard = (reach: Reach, said: Offer) => heardOffer(facetOf('accepted', reach), ownScope(reach), 'self', said);

describe('an offer', () => {
  it('of a member is in its own network, whatever scope and path it claims', () => {
    const member: Reach = { kind: 'network', networkId: 'n1' };
    expect(heard(member, offer())).toEqual({ scope: 'network:n1', address: 'inventory', cost: 3, path: [] });
    expect(heard(member, control())).toBeUndefined();
  });

  it('of the management plane is caravan.control or nothing', () => {
    expect(heard({ kind: 'management' }, control())).toMatchObject({ scope: 'control', path: [] });
    expect(heard({ kind: 'management' }, offer())).toBeUndefined();
  });

  it('of a claimant does not count', () => {
    expect(heard({ kind: 'control' }, control())).toBeUndefined();
  });

  it('of a relay keeps its scope and path, and never leads through this relay', () => {
    expect(heard({ kind: 'backbone' }, offer())).toEqual(offer());
    expect(heard({ kind: 'backbone' }, offer({ path: ['b', 'self'] }))).toBeUndefined();
    expect(heard({ kind: 'backbone' }, offer({ path: [] }))).toBeUndefined();
  });

  it('of caravan.control outside its scope does not count, nor another address in it', () => {
    expect(heard({ kind: 'backbone' }, control({ scope: 'network:n1' }))).toBeUndefined();
    expect(heard({ kind: 'backbone' }, offer({ scope: 'control' }))).toBeUndefined();
  });
});

describe('a line of offers', () => {
  it.each([
    ['no JSON object', 7],
    ['a scope of its own making', { set: [{ ...offer(), scope: 'everything' }] }],
    ['a path without end', { set: [offer({ path: Array<string>(17).fill('a') })] }],
    ['a negative cost', { set: [offer({ cost: -1 })] }],
    ['an address that is none', { set: [offer({ address: '../etc' })] }],
    ['too many offers', { set: Array<Offer>(513).fill(offer()) }],
  ])('is refused with %s', (_, line) => {
    expect(offersLineSchema.safeParse(line).success).toBe(false);
  });

  it('may say more than this relay knows', () => {
    expect(offersLineSchema.parse({ set: [offer()], later: true })).toEqual({ set: [offer()], gone: [] });
  });
});
