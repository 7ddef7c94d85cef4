import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item, ListenerItem } from '@caravan/data-plane';
import { siteSubject } from '@caravan/events';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@caravan/testing';
import type { FakeManagementPlane } from './management-plane.fixture.js';
import { useSites } from './played.fixture.js';
import { NETWORK_ID, SITE_ID } from './site.fixture.js';
import type { TestSite } from './site.fixture.js';

const listener = (port: number): ListenerItem => ({
  kind: 'listener',
  id: 'l',
  networkId: NETWORK_ID,
  address: 'inventory',
  host: '127.0.0.1',
  port,
});

/** A management plane that is broken, or somebody else. What a site has it keeps; what it is told it does not take on trust. */
describe('a site whose management plane answers nonsense', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  let impostor: NatsConnection | undefined;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.items = [sites.link('site'), listener(8080)];
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, plane.items);
  });
  afterEach(() => impostor?.close());

  const joined = async (): Promise<TestSite> => {
    const site = await sites.start(sites.directory(), sites.invitation());
    await site.run;
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    return site;
  };
  /** Takes the place of the management plane and answers everything so; returns how often it was asked to sync. */
  async function answerAll(bytes: string | Uint8Array): Promise<() => number> {
    await plane.stop();
    impostor = await sites.management().service();
    let syncs = 0;
    impostor.subscribe('caravan.>', {
      callback: (_, message) => {
        if (message.subject.endsWith('.sync')) syncs++;
        message.respond(bytes);
      },
    });
    impostor.publish(siteSubject(SITE_ID, 'nudge'), 'look');
    await impostor.flush();
    return () => syncs;
  }
  const codes = ({ controller }: TestSite) => controller.troubles.list().map(({ code }) => code);
  const item = (more: object) => ({ key: 'listener/l', revision: 9, item: listener(9090), ...more });
  const snapshot = (more: object): string =>
    JSON.stringify({ kind: 'snapshot', revision: 9, items: [item({})], removed: [], ...more });

  it.each<[string, string | Uint8Array]>([
    ['random bytes', Uint8Array.from({ length: 5_000 }, (_, index) => (index * 167 + 11) % 256)],
    ['nothing', ''],
    ['half an answer', snapshot({}).slice(0, -2)],
    ['text', '"ok"'],
    ['null', 'null'],
    ['the answer to another question', '{"status":"admitted"}'],
    ['no revision', snapshot({ revision: undefined })],
    ['a revision below all', snapshot({ revision: -1 })],
    ['a revision beyond all numbers', snapshot({ revision: 2 ** 53 })],
    ['items that are no list', snapshot({ items: { l: item({}) } })],
    ['an item without a key', snapshot({ items: [item({ key: undefined })] })],
    ['an item with a key of 10,000', snapshot({ items: [item({ key: 'x'.repeat(10_000) })] })],
    ['a member of the future', snapshot({ overlays: [] })],
    ['a capability that is none', snapshot({ capability: 0 })],
    ['a hundred thousand levels', `{"kind":"snapshot","items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['an error of another shape', '{"error":"no"}'],
    ['a megabyte', `"${'x'.repeat(1_000_000)}"`],
  ])(
    'keeps its last good state when the answer is %s, says so, and goes on when it is good again',
    async (_, bytes) => {
      const site = await joined();
      const { latest } = site.plane;
      const syncs = await answerAll(bytes);
      await eventually('it asks twice', () => syncs() > 1);
      await eventually('management.unknown-answer', () => codes(site).includes('management.unknown-answer'));
      expect(site.plane.latest).toEqual(latest);
      expect(site.controller.state.desired.state.revision).toBe(7);
      for (const { detail } of site.controller.troubles.list()) expect(detail.length).toBeLessThan(2_001);

      await impostor?.close();
      impostor = undefined;
      await plane.start();
      await plane.desire(SITE_ID, [sites.link('site'), listener(9090)]);
      await eventually('it listens on 9090', () => site.plane.latest?.listeners[0]?.port === 9090);
      await eventually('no more management.unknown-answer', () => !codes(site).includes('management.unknown-answer'));
    },
  );

  it('carries out what it understands, and reports of each other item that it does not', async () => {
    const site = await joined();
    const wrong: unknown[] = [
      { kind: 'tunnel', id: 't', since: 'the future' },
      { ...listener(70_000), id: 'port' },
      { ...listener(1), id: '../../etc' },
      { ...listener(1), id: 'extra', run: 'rm -rf /' },
      { kind: 'connector', id: '__proto__', networkId: NETWORK_ID, address: 'a', host: 'h', port: 1 },
      { ...sites.link('site'), id: 'trusting', trust: [] },
    ];
    await plane.desire(SITE_ID, [sites.link('site'), listener(9090), ...(wrong as Item[])]);
    await eventually('it listens on 9090', () => site.plane.latest?.listeners[0]?.port === 9090);
    expect(site.plane.latest).toMatchObject({ listeners: [listener(9090)], links: [{ id: 'member-link' }] });
    const { items } = await eventually('the tunnel is reported', () => {
      const observation = plane.reports.at(-1)?.observation as {
        items: Record<string, { state: string; detail: string }>;
      };
      return observation.items['tunnel/t'] && observation;
    });
    expect(items['listener/l']).toEqual({ state: 'applied' });
    for (const key of ['tunnel/t', 'listener/port', 'listener/extra', 'link/trusting']) {
      expect(items[key]).toMatchObject({ state: 'refused', detail: expect.stringContaining('does not understand') });
    }
  });

  it('is not made to ask without a pause by who names one that no timer can hold', async () => {
    const pending = { status: 'pending', siteId: SITE_ID, retryAfterMs: Number.MAX_SAFE_INTEGER } as const;
    plane.join = () => pending;
    const site = await sites.start(sites.directory(), sites.invitation());
    await eventually('more than 0 questions', () => plane.asked.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(plane.asked.length).toBeLessThan(4);
    expect(site.controller.state.journal.joining?.status).toBe('pending');
  });

  it('asks once for many nudges, whatever they say', async () => {
    const site = await joined();
    const service = await sites.management().service();
    const before = plane.syncs.length;
    for (let index = 0; index < 2_000; index++) {
      service.publish(
        siteSubject(SITE_ID, 'nudge'),
        Uint8Array.from({ length: 50 }, (_, at) => (index * at) % 256),
      );
    }
    await service.close();
    await eventually('it asks', () => plane.syncs.length > before);
    await plane.desire(SITE_ID, [sites.link('site'), listener(9091)]);
    await eventually('it listens on 9091', () => site.plane.latest?.listeners[0]?.port === 9091);
    expect(plane.syncs.length - before).toBeLessThan(200);
  });
});
