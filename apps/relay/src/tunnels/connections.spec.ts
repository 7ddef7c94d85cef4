import { describe, expect, it } from 'vitest';
import type { Connection } from '@caravan/data-plane';
import { Connections } from './connections.js';

const connection = (id: string): Connection => ({
  id,
  scope: 'control',
  address: 'caravan.control',
  at: '2026-01-01T00:00:00.000Z',
  from: { kind: 'control', id: 'control', peerIdentity: null },
  to: null,
  hops: 0,
  outcome: 'tunnel.no-route',
});

describe('recent connections', () => {
  it('are the newest, newest first, and no more than are kept', () => {
    const connections = new Connections(3);
    for (const id of ['a', 'b', 'c', 'd']) connections.add(connection(id));
    expect(connections.recent().map(({ id }) => id)).toEqual(['d', 'c', 'b']);
  });

  it('can be asked for by id', () => {
    const connections = new Connections(8);
    for (const id of ['a', 'b', 'a']) connections.add(connection(id));
    expect(connections.recent('a')).toHaveLength(2);
    expect(connections.recent('z')).toEqual([]);
  });
});
