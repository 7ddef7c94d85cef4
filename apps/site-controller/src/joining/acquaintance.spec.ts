import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { acquaintance, controlTrust, isEstranged, isSignedElsewhere } from './acquaintance.js';
import type { Acquaintance } from './acquaintance.js';

const [tree, otherTree] = [testAuthorities(), testAuthorities()];
const network = { installation: INSTALLATION, networkId: 'n' } as const;
const member = { kind: 'member', ...network, memberId: 'm' } as const;
const claim = { kind: 'claim', ...network, invitationId: 'i' } as const;
const own = tree.make('member', member).chain;

const site: Acquaintance = { chain: own, links: ['infrastructure'], control: ['management'] };
const file: Acquaintance = { ...site, chain: tree.make('claim', claim).chain };
const estrangedBy = (changes: Partial<Acquaintance>): boolean => isEstranged({ ...file, ...changes }, site);

describe('a site and whoever made a file for it', () => {
  it('go by the same authorities, though those of members and of invitations are two', () => {
    expect(estrangedBy({})).toBe(false);
  });

  it.each<[string, Partial<Acquaintance>]>([
    ['the network has another', { chain: otherTree.make('claim', claim).chain }],
    ['access points are judged by another', { links: ['infrastructure 2'] }],
    ['the management plane is judged by another', { control: ['management 2'] }],
  ])('are strangers when %s', (_, changes) => {
    expect(estrangedBy(changes)).toBe(true);
  });

  it('are none while one authority is known to both: what replaces it is known before it is used', () => {
    expect(estrangedBy({ links: ['infrastructure 2', 'infrastructure'] })).toBe(false);
    expect(estrangedBy({ control: ['management 2', 'management'] })).toBe(false);
  });

  it('are none where nothing can be told: a site that nobody lets dial, a chain of one', () => {
    expect(estrangedBy({ links: [] })).toBe(false);
    expect(isSignedElsewhere(own.slice(0, 1), otherTree.make('member', member).chain)).toBe(false);
  });
});

describe('what the management plane is judged by', () => {
  const control = { serverName: 'caravan.control', trust: ['at first'], direct: null };

  it('is what was said last, before what the site came with', () => {
    expect(controlTrust([], control)).toEqual(['at first']);
    const said: Item = { kind: 'control', id: 'control', trust: ['since then'] };
    expect(controlTrust([said], control)).toEqual(['since then']);
    expect(acquaintance(own, [said], control)).toEqual({ chain: own, links: [], control: ['since then'] });
  });
});
