import { describe, expect, it } from 'vitest';
import type { AccessPointItem, ItemState } from '@caravan/data-plane';
import { portsAfter } from './bound-ports.js';

const accessPoint = (id: string, bindPort = 0): AccessPointItem => ({
  kind: 'access-point',
  id,
  access: 'member',
  bindHost: '127.0.0.1',
  bindPort,
  certificateId: 'c',
});
const seen = (states: Record<string, ItemState>) => ({
  items: Object.fromEntries(Object.entries(states).map(([id, state]) => [`access-point/${id}`, state])),
});
const before = new Map([['a', 4711]]);

describe('the port of an access point that asked for any', () => {
  it('is the one that the relay found', () => {
    const ports = portsAfter(new Map(), [accessPoint('a')], seen({ a: { state: 'applied', port: 4711 } }), false);
    expect([...ports]).toEqual([['a', 4711]]);
  });

  it.each<[string, ReturnType<typeof seen>]>([
    ['the relay knows nothing yet', seen({})],
    ['it waits for its certificate', seen({ a: { state: 'waiting' } })],
    ['it is bound again', seen({ a: { state: 'applied', port: 4711 } })],
    ['another program has it and nobody can be told of a new one', seen({ a: { state: 'failed' } })],
  ])('stays while %s', (_, observation) => {
    expect(portsAfter(before, [accessPoint('a')], observation, false)).toBe(before);
  });

  it('is given up when another program has it and the other sites can be told of a new one', () => {
    expect(portsAfter(before, [accessPoint('a')], seen({ a: { state: 'failed' } }), true).size).toBe(0);
    expect(portsAfter(before, [accessPoint('a')], seen({ a: { state: 'waiting' } }), true)).toBe(before);
  });

  it('is followed when the relay has another one', () => {
    const ports = portsAfter(before, [accessPoint('a')], seen({ a: { state: 'applied', port: 4712 } }), true);
    expect([...ports]).toEqual([['a', 4712]]);
  });

  it('is forgotten with the access point, and when it is given one', () => {
    const observation = seen({ a: { state: 'applied', port: 4711 } });
    expect(portsAfter(before, [], observation, false).size).toBe(0);
    expect(portsAfter(before, [accessPoint('a', 4711)], observation, false).size).toBe(0);
  });
});
