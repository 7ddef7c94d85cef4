import { describe, expect, it } from 'vitest';
import type { Reach } from '@caravan/data-plane';
import type { Direction } from '../links/facet.js';
import { facetOf } from '../links/facet.js';
import type { Headers } from './tunnel-request.js';
import { leadsBack, onwardHeaders, readTunnelRequest } from './tunnel-request.js';

const N1: Reach = { kind: 'network', networkId: 'n1' };
const BACKBONE: Reach = { kind: 'backbone' };

const MEMBER = 'spiffe://i/network/n1/member/m1';

const asked = (direction: Direction, reach: Reach, headers: Headers, identity: string | null = null) =>
  readTunnelRequest({ facet: facetOf(direction, reach), reach, selfId: 'self', identity }, headers);
const to = (address: string, more: Headers = {}): Headers => ({ ':authority': address, ...more });

describe('a tunnel asked for over', () => {
  it('a claim link reaches caravan.control', () => {
    expect(asked('accepted', { kind: 'control' }, to('caravan.control'))).toMatchObject({ scope: 'control' });
  });

  it('a claim link reaches nothing else, whatever scope it names', () => {
    const request = to('inventory', { 'caravan-scope': 'network:n1' });
    expect(() => asked('accepted', { kind: 'control' }, request)).toThrow('tunnel.confined');
  });

  it("a member's link is in its network, whatever scope and hops it names", () => {
    const request = to('inventory', { 'caravan-scope': 'network:n2', 'caravan-hops': 'self' });
    expect(asked('accepted', N1, request)).toMatchObject({ scope: 'network:n1', hops: [] });
    expect(asked('accepted', N1, to('caravan.control'))).toMatchObject({ scope: 'control' });
  });

  it("a member's link begins at that member, whatever it says of itself", () => {
    expect(asked('accepted', N1, to('inventory', { 'caravan-origin': 'm2' }), MEMBER).origin).toBe('m1');
    expect(asked('dialled', N1, to('inventory', { 'caravan-origin': 'm2' })).origin).toBeUndefined();
  });

  it('the link of a member, from its access point, never reaches caravan.control', () => {
    expect(asked('dialled', N1, to('inventory'))).toMatchObject({ scope: 'network:n1' });
    expect(() => asked('dialled', N1, to('caravan.control'))).toThrow('tunnel.not-permitted');
  });

  it('a claim link that this end dialled, or the link of the management plane, is refused', () => {
    expect(() => asked('dialled', { kind: 'control' }, to('caravan.control'))).toThrow('tunnel.not-permitted');
    expect(() => asked('accepted', { kind: 'management' }, to('caravan.control'))).toThrow('tunnel.not-permitted');
  });

  it('a backbone link keeps its scope, connection, hops and origin', () => {
    const headers = {
      'caravan-scope': 'network:n7',
      'caravan-hops': 'a,b',
      'caravan-origin': 'm1',
      'caravan-connection': 'c-1',
    };
    expect(asked('accepted', BACKBONE, to('inventory', headers))).toEqual({
      scope: 'network:n7',
      address: 'inventory',
      connection: 'c-1',
      hops: ['a', 'b'],
      origin: 'm1',
    });
    const odd = { ...headers, 'caravan-origin': 'a b' };
    expect(asked('accepted', BACKBONE, to('inventory', odd)).origin).toBeUndefined();
  });

  it.each([
    ['tunnel.loop', { 'caravan-scope': 'network:n1', 'caravan-hops': 'a,self' }],
    ['tunnel.loop', { 'caravan-scope': 'network:n1', 'caravan-hops': 'abcdefghijklmnop'.split('').join(',') }],
    ['tunnel.malformed', {}],
    ['tunnel.malformed', { 'caravan-scope': 'control' }],
    ['tunnel.malformed', { 'caravan-scope': 'everything' }],
    ['tunnel.malformed', { 'caravan-scope': 'network:n1', 'caravan-hops': 'a b' }],
  ])('a backbone link is refused with %s for %j', (code, headers) => {
    expect(() => asked('dialled', BACKBONE, to('inventory', headers))).toThrow(code);
  });

  it('any link is refused without an address', () => {
    for (const address of ['', 'UPPER', 'a:80', '../x', 'x'.repeat(64)]) {
      expect(() => asked('accepted', N1, to(address))).toThrow('tunnel.malformed');
    }
    expect(() => asked('accepted', N1, {})).toThrow('tunnel.malformed');
  });

  it('any link loses a connection id that cannot be one', () => {
    expect(asked('accepted', N1, to('inventory', { 'caravan-connection': 'a b' })).connection).toBeUndefined();
  });
});

describe('a line leads back', () => {
  const request = { scope: 'network:n1', address: 'inventory', connection: 'c-1', hops: ['a'], origin: 'm1' } as const;
  const line = (site: string | undefined, identity: string | null) => ({ site, init: { identity } });

  it.each([
    ['to a relay that was passed', line('a', 'spiffe://i/backbone/b/site/a'), true],
    ['to the member that it began at', line(undefined, MEMBER), true],
    ['not to another relay', line('b', null), false],
    ['not to another member', line(undefined, 'spiffe://i/network/n1/member/m2'), false],
    ['not over a link that this end dialled and that names no site', line(undefined, null), false],
  ])('%s', (_, to, isSo) => {
    expect(leadsBack(to, request)).toBe(isSo);
  });

  it('nowhere when it has been nowhere', () => {
    expect(leadsBack(line('a', MEMBER), { ...request, hops: [], origin: undefined })).toBe(false);
  });
});

describe('what goes on to the next relay', () => {
  const request = { scope: 'network:n1', address: 'inventory', connection: 'c-1', hops: ['a'], origin: 'm1' } as const;

  it('names the hops and the origin within the backbone', () => {
    expect(onwardHeaders(facetOf('accepted', BACKBONE), 'self', request, 'c-1')).toMatchObject({
      'caravan-scope': 'network:n1',
      'caravan-hops': 'a,self',
      'caravan-origin': 'm1',
    });
    const { origin: _, ...fromBackbone } = request;
    expect(onwardHeaders(facetOf('accepted', BACKBONE), 'self', fromBackbone, 'c-1')).not.toHaveProperty(
      'caravan-origin',
    );
  });

  it.each([
    ['a member', facetOf('accepted', N1)],
    ["a member's access point", facetOf('dialled', N1)],
    ['the management plane', facetOf('accepted', { kind: 'management' })],
  ])('tells %s nothing of the backbone', (_, facet) => {
    expect(onwardHeaders(facet, 'self', request, 'c-1')).toEqual({
      ':method': 'CONNECT',
      ':authority': 'inventory',
      'caravan-connection': 'c-1',
    });
  });
});
