import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '@caravan/events';
import { Secret } from '@caravan/pki';
import { createLog, createMetrics, Health, openDataSource, poolOf } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { usePostgres } from '@caravan/testing/servers';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { database } from '../read-models/database.js';
import { DepartedSites } from './departed-sites.js';
import { SiteSightings } from './site-sightings.js';

const start = Date.parse('2026-01-01T12:00:00.000Z');
const MINUTE = 60_000;
const report: Report = { capability: 2, version: '1.0.0', appliedRevision: 7, host: null, observation: { items: {} } };
const [member, backboneSite, managementSite, removed] = [id('hq'), id('north'), id('management'), id('removed')];

describe('what sites said last', () => {
  const postgres = usePostgres();
  const service: Service = {
    name: 'test',
    log: createLog('test', 'error'),
    health: new Health(),
    metrics: createMetrics('test'),
  };
  let source: Awaited<ReturnType<typeof openDataSource>>;
  let sightings: SiteSightings;
  let directory: Directory;
  let now: Date;
  let departed: DepartedSites;

  beforeAll(async () => {
    source = await openDataSource({ DATABASE_URL: new Secret(postgres().url) }, database, service);
    sightings = new SiteSightings(poolOf(source));
    directory = new Directory();
    directory.members.set(member, {
      networkId: id('retail'),
      backboneId: id('demo'),
      accessPoints: [],
      linkCertificates: [],
    });
    directory.backboneSites.set(backboneSite, {
      backboneId: id('demo'),
      enrolled: true,
      proof: null,
      linkCertificates: [],
    });
    directory.managementSites.set(managementSite, 'management');
    now = new Date(start);
    const clock = { now: () => now };
    departed = new DepartedSites(sightings, directory, { begun: Promise.resolve() }, clock, service);
    for (const site of [member, backboneSite, managementSite, removed]) await sightings.record(site, report, now);
  });
  afterAll(() => source.destroy());

  const known = async () =>
    [...(await sightings.lastSeen([member, backboneSite, managementSite, removed])).keys()].sort();
  const all = [member, backboneSite, managementSite, removed].sort();
  const there = [member, backboneSite, managementSite].sort();

  it('is kept for a while, since a last report may come after a removal', async () => {
    now = new Date(start + 9 * MINUTE);
    await departed.look();
    expect(await known()).toEqual(all);
  });

  it('is kept while it is not known who is there', async () => {
    now = new Date(start + 11 * MINUTE);
    directory.halted({ kind: 'log', position: 3, reason: 'cannot be read' } as never);
    await departed.look();
    expect(await known()).toEqual(all);
    directory.halted(undefined);
  });

  it('is forgotten of those that are gone, and of nobody who is only silent', async () => {
    await departed.look();
    expect(await known()).toEqual(there);
  });

  it('is kept of whoever was heard of meanwhile', async () => {
    const before = new Date(now.getTime());
    now = new Date(start + 20 * MINUTE);
    await sightings.record(member, report, now);
    await sightings.forget([member], before);
    expect(await known()).toEqual(there);
  });
});
