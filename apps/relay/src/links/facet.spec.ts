import { describe, expect, it } from 'vitest';
import type { Reach } from '@caravan/data-plane';
import { acceptedRole, alpnOf, facetOf } from './facet.js';

const reaches: Reach[] = [
  { kind: 'control' },
  { kind: 'network', networkId: 'n1' },
  { kind: 'backbone' },
  { kind: 'management' },
];

describe('the facets of a link', () => {
  it.each(reaches)('fit together at both ends of a $kind link', (reach) => {
    const [dialled, accepted] = [facetOf('dialled', reach), facetOf('accepted', reach)];
    for (const role of dialled.roles) expect(accepted.roles).toContain(acceptedRole(alpnOf(role)));
    expect(accepted.roles).toHaveLength(dialled.roles.length);
    expect(accepted.hears).toBe(dialled.offers);
    expect(dialled.hears).toBe(accepted.offers);
  });

  it('let a claimant open control and offer nothing', () => {
    expect(facetOf('accepted', { kind: 'control' })).toMatchObject({ admits: 'control', hears: 'nothing' });
  });

  it('let the management plane offer control and open nothing', () => {
    expect(facetOf('accepted', { kind: 'management' })).toMatchObject({ admits: 'nothing', hears: 'control' });
  });

  it('let a member carry for nobody, and tell it no routes', () => {
    const reach: Reach = { kind: 'network', networkId: 'n1' };
    expect(facetOf('dialled', reach).transit).toBe(false);
    expect(facetOf('accepted', reach).offers).toBe('nothing');
  });

  it('know no other protocol', () => {
    expect(acceptedRole('http/1.1')).toBeUndefined();
    expect(acceptedRole(false)).toBeUndefined();
  });
});
