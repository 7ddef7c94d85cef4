import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ItemState } from '@caravan/data-plane';
import type { Report } from '@caravan/events';
import { Secret } from '@caravan/pki';
import { createLog, createMetrics, Health, openDataSource, poolOf } from '@caravan/platform';
import { usePostgres } from '@caravan/testing/servers';
import { id } from '../example.fixture.js';
import { database } from '../read-models/database.js';
import { SiteSightings } from './site-sightings.js';

const start = new Date('2026-01-01T12:00:00.000Z');
const later = new Date('2026-01-01T12:00:05.000Z');
const [north, south, silent] = [id('north'), id('south'), id('silent')];
const applied: ItemState = { state: 'applied' };

describe('what sites have not confirmed', () => {
  const postgres = usePostgres();
  const service = {
    name: 'test',
    log: createLog('test', 'error'),
    health: new Health(),
    metrics: createMetrics('test'),
  };
  let source: Awaited<ReturnType<typeof openDataSource>>;
  let sightings: SiteSightings;

  beforeAll(async () => {
    source = await openDataSource({ DATABASE_URL: new Secret(postgres().url) }, database, service);
    sightings = new SiteSightings(poolOf(source));
  });
  afterAll(() => source.destroy());

  const say = (siteId: string, appliedRevision: number, items: Record<string, ItemState>, at = start) => {
    const report: Report = {
      capability: 3,
      version: '1',
      appliedRevision,
      host: null,
      observation: { items, links: [] },
    };
    return sightings.record(siteId, report, at);
  };
  const missing = async (position: number, ...items: string[]) =>
    (await sightings.notAsOf([north, south, silent], position, items)).map(({ siteId }) => siteId).sort();

  it('is everything before anybody said anything', async () => {
    expect(await sightings.newest()).toBeUndefined();
    expect(await missing(1, 'certificate/')).toEqual([north, south, silent].sort());
    expect(await sightings.notAsOf([], 1, [''])).toEqual([]);
  });

  it('is a position that they have not come to', async () => {
    await say(north, 7, { 'certificate/site': applied });
    await say(south, 8, { 'certificate/site': applied }, later);
    expect(await missing(7, 'certificate/')).toEqual([silent]);
    expect(await missing(8, 'certificate/')).toEqual([north, silent].sort());
    expect(await sightings.newest()).toBe(later.toISOString());
    const [behind] = await sightings.notAsOf([north], 8, []);
    expect(behind).toEqual({
      siteId: north,
      lastSeenAt: start.toISOString(),
      detail: 'it has not said yet that it knows',
    });
  });

  it('is an item that begins so and is not applied, and says what the site says of it', async () => {
    await say(north, 9, {
      'certificate/site': { state: 'refused', detail: 'not for you' },
      certificate_site: { state: 'failed' },
      'link/one': { state: 'waiting' },
    });
    await say(south, 9, { 'link/one': { state: 'waiting' } });
    expect(await missing(9, 'certificate/')).toEqual([north, silent].sort());
    expect(await missing(9, 'link/', 'admission/')).toEqual([north, south, silent].sort());
    expect(await missing(9, 'admission/')).toEqual([silent]);
    const [refused] = await sightings.notAsOf([north], 9, ['certificate/']);
    expect(refused?.detail).toBe('certificate/site is refused there: not for you');
  });
});
