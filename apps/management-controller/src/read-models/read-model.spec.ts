import { describe, expect, it } from 'vitest';
import { created, site, siteRemoved } from '../backbones/backbone.fixture.js';
import { id } from '../example.fixture.js';
import { readModelsOf } from './rows.fixture.js';

const names = ['a', 'b', 'c', 'd', 'e'];
const before = [created, ...names.map(site)];
const backboneId = id('demo');

const pageOf = async (events: Parameters<typeof readModelsOf>, options: { cursor?: string; limit?: number }) => {
  const { items, next } = await readModelsOf(...events).backboneSites.page({ backboneId }, options);
  return { names: items.map(({ name }) => name).join(''), next };
};

describe('a list', () => {
  it('comes in pages, in the order of the log', async () => {
    const first = await pageOf(before, { limit: 2 });
    const second = await pageOf(before, { limit: 2, cursor: first.next! });
    const third = await pageOf(before, { limit: 2, cursor: second.next! });
    expect([first.names, second.names, third.names]).toEqual(['ab', 'cd', 'e']);
    expect(third.next).toBeNull();
  });

  it('ends with the last row, also when that fills a page', async () => {
    expect(await pageOf(before, { limit: 5 })).toEqual({ names: 'abcde', next: null });
    expect(await pageOf([created], { limit: 5 })).toEqual({ names: '', next: null });
  });

  it('has a hundred rows on a page that nobody asked to be smaller', async () => {
    const many = [created, ...Array.from({ length: 101 }, (_, n) => site(`s${n}`))];
    const { items, next } = await readModelsOf(...many).backboneSites.page({ backboneId }, {});
    expect(items).toHaveLength(100);
    expect(next).not.toBeNull();
  });

  it('neither skips nor repeats a row when rows come and go between two pages', async () => {
    const { next } = await pageOf(before, { limit: 2 });
    const later = [...before, siteRemoved('b'), siteRemoved('c'), site('f')];
    expect(await pageOf(later, { cursor: next! })).toEqual({ names: 'def', next: null });
  });

  it('shows what it was asked for and nothing else', async () => {
    const { items } = await readModelsOf(...before).backboneSites.page({ backboneId: id('another') }, {});
    expect(items).toEqual([]);
  });

  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    ['empty', ''],
    ['a plain number', '7'],
    ['another letter', encoded('q7')],
    ['negative', encoded('p-7')],
    ['more than a number', encoded("p7' or 1=1")],
    ['two lines', encoded('p7\np8')],
    ['longer than any position', encoded('p1234567890123456')],
  ])('refuses a cursor that it did not give: %s', async (_, cursor) => {
    await expect(pageOf(before, { cursor })).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
