import { describe, expect, it } from 'vitest';
import type { Offer } from './offer.js';
import { inOrder, keyOf, RouteTable } from './route-table.js';

const offer = (cost: number, path: string[] = [], address = 'inventory'): Offer => ({
  scope: 'network:n1',
  address,
  cost,
  path,
});
const key = keyOf(offer(0));
const idle = () => ({ suspect: false, tunnels: 0 });

describe('the route table', () => {
  it('prefers the lowest cost, that of the line included', () => {
    const table = new RouteTable();
    table.offer(1, 10, offer(1, ['b']));
    table.offer(2, 1, offer(5, ['c', 'd']));
    expect(table.routes(key).map(({ line, cost }) => [line, cost])).toEqual([
      [2, 6],
      [1, 11],
    ]);
  });

  it('prefers a site on the same relay to a cheaper one behind the backbone', () => {
    const table = new RouteTable();
    table.offer(1, 1, offer(0, ['b']));
    table.offer(2, 100, offer(0));
    expect(table.routes(key)[0]).toMatchObject({ line: 2, path: [] });
  });

  it('keeps scopes apart', () => {
    const table = new RouteTable();
    table.offer(1, 1, offer(0));
    expect(table.routes(keyOf({ scope: 'network:n2', address: 'inventory' }))).toEqual([]);
  });

  it('forgets a dead line with all it offered', () => {
    const table = new RouteTable();
    table.offer(1, 1, offer(0));
    table.offer(1, 1, offer(0, [], 'orders'));
    table.offer(2, 1, offer(0));
    expect(table.drop(1).toSorted()).toEqual(['network:n1 inventory', 'network:n1 orders']);
    expect(table.routes(key).map(({ line }) => line)).toEqual([2]);
    expect([...table.keys()]).toEqual([key]);
  });

  it('offers a neighbour no way that leads through it', () => {
    const table = new RouteTable();
    table.offer(1, 1, offer(0, ['b', 'c']));
    expect(table.bestFor(key, 'c')).toBeUndefined();
    table.offer(2, 9, offer(0, ['d']));
    expect(table.bestFor(key, 'c')).toMatchObject({ line: 2 });
    expect(table.bestFor(key, undefined)).toMatchObject({ line: 1 });
  });
});

describe('the order in which ways are tried', () => {
  const routes = [
    { line: 1, cost: 2, path: ['b'] },
    { line: 2, cost: 2, path: ['c'] },
    { line: 3, cost: 3, path: ['d'] },
  ];

  it('is by cost, then by load', () => {
    const busy = (line: number) => ({ suspect: false, tunnels: line === 1 ? 5 : 0 });
    expect(inOrder(routes, busy).map(({ line }) => line)).toEqual([2, 1, 3]);
    expect(inOrder(routes, idle).map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('has a line that does not answer last', () => {
    const silent = (line: number) => ({ suspect: line === 1, tunnels: 0 });
    expect(inOrder(routes, silent).map(({ line }) => line)).toEqual([2, 3, 1]);
  });
});
