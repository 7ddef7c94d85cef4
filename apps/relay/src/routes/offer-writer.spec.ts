import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Offer, OffersLine } from './offer.js';
import { OfferWriter } from './offer-writer.js';
import type { Key } from './route-table.js';

const key = (address: string): Key => `network:n1 ${address}`;
const offer = (address: string, cost: number): Offer => ({ scope: 'network:n1', address, cost, path: ['self'] });

function neighbour(offers: Map<Key, Offer>, highWaterMark = 65_536) {
  const stream = new PassThrough({ highWaterMark });
  const writer = new OfferWriter(stream, (asked) => offers.get(asked));
  const heard = (): OffersLine[] =>
    ((stream.read() as Buffer | null)?.toString() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as OffersLine);
  return { writer, heard };
}

describe('what a neighbour is told', () => {
  it('is everything first, then only changes', async () => {
    const offers = new Map([
      [key('a'), offer('a', 1)],
      [key('b'), offer('b', 1)],
    ]);
    const { writer, heard } = neighbour(offers);
    writer.tellAll(offers.keys(), () => undefined);
    await turn();
    expect(heard()).toEqual([{ set: [offer('a', 1), offer('b', 1)], gone: [] }, {}]);
    offers.set(key('a'), offer('a', 2));
    writer.tell([key('a'), key('b')]);
    await turn();
    expect(heard()).toEqual([{ set: [offer('a', 2)], gone: [] }]);
  });

  it('ends, the first time, with a line that holds nothing, also where there is nothing to tell', async () => {
    const { writer, heard } = neighbour(new Map());
    let times = 0;
    writer.tellAll([], () => times++);
    await turn();
    await turn();
    expect(heard()).toEqual([{}]);
    writer.tell([key('never-offered')]);
    await turn();
    expect([heard(), times]).toEqual([[], 1]);
  });

  it('is not said to be all while the neighbour does not read', async () => {
    const offers = new Map(Array.from({ length: 2_000 }, (_, i) => [key(`a${i}`), offer(`a${i}`, 1)]));
    const { writer, heard } = neighbour(offers, 1);
    const order: string[] = [];
    writer.tellAll(offers.keys(), () => order.push('told'));
    await turn();
    for (let read = heard(); read.length > 0; read = heard()) {
      for (const line of read) order.push('set' in line ? `${line.set.length}` : 'end');
      await turn();
    }
    await turn();
    // A stream takes one line ahead of its reader.
    expect(order.filter((what) => what !== 'told')).toEqual(['512', '512', '512', '464', 'end']);
    expect(order.slice(-2).toSorted()).toEqual(['end', 'told']);
  });

  it('is withdrawn when there is no offer any more, and never twice', async () => {
    const offers = new Map([[key('a'), offer('a', 1)]]);
    const { writer, heard } = neighbour(offers);
    writer.tell(offers.keys());
    await turn();
    heard();
    offers.clear();
    writer.tell([key('a'), key('never-offered')]);
    await turn();
    expect(heard()).toEqual([{ set: [], gone: [{ scope: 'network:n1', address: 'a' }] }]);
    writer.tell([key('a')]);
    await turn();
    expect(heard()).toEqual([]);
  });

  it('is the last state only, when it did not read meanwhile', async () => {
    const offers = new Map([[key('a'), offer('a', 0)]]);
    const { writer, heard } = neighbour(offers, 1);
    writer.tell(offers.keys());
    await turn();
    for (let cost = 1; cost <= 100; cost++) {
      offers.set(key('a'), offer('a', cost));
      writer.tell(offers.keys());
      await turn();
    }
    const lines = [];
    for (let read = heard(); read.length > 0; read = heard()) {
      lines.push(...read);
      await turn();
    }
    expect(lines.map(({ set }) => set[0]?.cost)).toEqual([0, 100]);
  });

  it('comes in lines of a bounded length', async () => {
    const offers = new Map(Array.from({ length: 1_000 }, (_, i) => [key(`a${i}`), offer(`a${i}`, 1)]));
    const { writer, heard } = neighbour(offers, 10_000_000);
    writer.tell(offers.keys());
    await turn();
    expect(heard().map(({ set }) => set.length)).toEqual([512, 488]);
  });
});
