import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ListenerItem, Observation } from '@caravan/data-plane';
import { CAPABILITY } from '@caravan/events';
import { eventually } from '@caravan/testing';
import type { FakeManagementPlane } from './management-plane.fixture.js';
import { useSites } from './played.fixture.js';
import type { PlayedSites } from './played.fixture.js';
import { NETWORK_ID, SITE_ID } from './site.fixture.js';
import type { TestSite } from './site.fixture.js';

const listener = (id: string, port: number): ListenerItem => ({
  kind: 'listener',
  id,
  networkId: NETWORK_ID,
  address: 'inventory',
  host: '127.0.0.1',
  port,
});

describe('a site at work', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });

  const member = async (...[pace]: Parameters<PlayedSites['start']>[2][]): Promise<{ dir: string; site: TestSite }> => {
    const dir = sites.directory();
    const site = await sites.start(dir, sites.invitation(), pace);
    await site.run;
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    return { dir, site };
  };
  const portsOf = (site: TestSite) => site.plane.latest?.listeners.map(({ port }) => port).join() ?? 'none';
  const observed = () => plane.reports.at(-1)?.observation as Observation | undefined;

  it('becomes what is desired when it is nudged, and reports it', async () => {
    const { site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await eventually('the listener is reported', () => observed()?.items['listener/one']?.state === 'applied');
    expect(plane.reports.at(-1)).toMatchObject({
      appliedRevision: plane.revision,
      host: '127.0.0.1',
      capability: CAPABILITY,
    });
    await plane.desire(SITE_ID, [sites.link('site')]);
    await eventually('it listens nowhere', () => portsOf(site) === '');
  });

  it('asks for what it knows, and by itself when a nudge was lost', async () => {
    const { site } = await member({ pace: { syncMs: 50 } });
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8081)], { silently: true });
    await eventually('it listens on 8081', () => portsOf(site) === '8081');
    expect(plane.syncs.slice(0, 2)).toEqual([0, 7]);
  });

  it('asks for everything once, when the management plane has learned what no event says', async () => {
    plane.capability = undefined; // a management plane that says nothing of it
    const { site } = await member({ pace: { syncMs: 50 } });
    expect(plane.reports.at(-1)?.capability).toBe(1);
    await eventually('it asks for the last revision', () => plane.syncs.at(-1) === plane.revision);
    // The same position, compiled by a newer version.
    plane.items = [sites.link('site'), listener('one', 8082)];
    plane.capability = 2;
    await eventually('it listens on 8082', () => portsOf(site) === '8082');
    await eventually('it asks for no more', () =>
      plane.syncs.slice(-3).every((revision) => revision === plane.revision),
    );
    expect(plane.syncs.filter((revision) => revision === 0)).toHaveLength(2); // its first sync, and this
    // Of what is newer it was told nothing, though it would know it.
    await eventually('it reports as told by capability 2', () => plane.reports.at(-1)?.capability === 2);
  });

  it('gives its relay everything again when that comes back from a kill', async () => {
    const { site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    site.plane.restart();
    expect(site.plane.latest).toBeUndefined();
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
  });

  it('tries again when its relay does not take a configuration, and says so', async () => {
    const { site } = await member();
    site.plane.away = true;
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('trouble: no relay answers', () =>
      site.controller.troubles.list().some(({ detail }) => detail === 'no relay answers'),
    );
    expect(site.controller.applying.appliedRevision).toBe(plane.revision - 1);
    site.plane.away = false;
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    expect(site.controller.troubles.list()).toEqual([]);
  });

  it('goes on without the management plane, restarts without it, and reports when it is back', async () => {
    const { dir, site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await sites.management().nats.kill();
    await eventually('it is alone', () => !site.controller.control.connected);
    expect(portsOf(site)).toBe('8080');
    await site.stop();
    const again = await sites.start(dir);
    await again.run;
    await eventually('it listens on 8080', () => portsOf(again) === '8080');
    expect(again.plane.configurations[0]).toEqual(again.plane.latest);
    expect(again.controller.control.connected).toBe(false);
    plane.reports.length = 0;
    await sites.management().nats.restart();
    await plane.start();
    await eventually('a report', () => plane.reports.length > 0);
    await plane.desire(SITE_ID, [sites.link('site')]);
    await eventually('it listens nowhere', () => portsOf(again) === '');
  });

  it('says that it was removed when nothing is asked of it any more, also after a restart', async () => {
    const { dir, site } = await member();
    await plane.desire(SITE_ID, []);
    const codes = ({ controller }: TestSite) => controller.troubles.list().map(({ code }) => code);
    await eventually('site.removed', () => codes(site).includes('site.removed'));
    await eventually('it has no links', () => site.plane.latest?.links.length === 0);
    await site.stop();
    expect(codes(await sites.start(dir))).toContain('site.removed');
  });

  it('sends a heartbeat when nothing changes', async () => {
    await member({ pace: { heartbeatMs: 40 } });
    const before = plane.reports.length;
    await eventually('three reports', () => plane.reports.length >= before + 3);
  });

  it('gathers changes into one report', async () => {
    const { site } = await member({ pace: { gatherMs: 150 } });
    await pause(200);
    const before = plane.reports.length;
    for (let i = 0; i < 20; i++) site.controller.applying.again();
    await eventually('a report', () => plane.reports.length > before);
    expect(plane.reports.length - before).toBeLessThanOrEqual(2);
  });
});
