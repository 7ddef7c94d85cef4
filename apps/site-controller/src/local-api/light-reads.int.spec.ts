import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  getLocalState,
  listSiteCertificates,
  listSiteConnectors,
  listSiteItems,
  listSiteLinks,
  listSiteListeners,
} from '@caravan/api';
import { eventually } from '@caravan/testing';
import { silentLog } from '../log.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { NETWORK_ID, SITE_ID } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { ApiServer } from './api-server.js';
import { lightRead } from './light-reads.js';
import { LocalSite } from './local-site.js';

const READS = [
  getLocalState,
  listSiteItems,
  listSiteLinks,
  listSiteCertificates,
  listSiteListeners,
  listSiteConnectors,
];

describe('a read that the door of the local API answers itself', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  let site: TestSite;
  let server: ApiServer | undefined;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [
      sites.link('site'),
      {
        kind: 'listener',
        id: `${SITE_ID.slice(0, -1)}1`,
        networkId: NETWORK_ID,
        address: 'goods',
        host: '127.0.0.1',
        port: 8080,
      },
      {
        kind: 'connector',
        id: `${SITE_ID.slice(0, -1)}2`,
        networkId: NETWORK_ID,
        address: 'goods',
        host: '127.0.0.1',
        port: 8081,
      },
    ];
    site = await sites.start(sites.directory(), sites.invitation());
    await site.run;
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    const { certificates } = site.controller.state;
    await eventually('it forgets its claim', () => certificates.get('claim') === undefined);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const local = () => new LocalSite(site.controller);
  const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): IncomingMessage =>
    ({ method, url: `/site/v1${url}`, headers }) as unknown as IncomingMessage;

  it.each(READS)('is what the application behind it answers: $name', async ({ path, reply }) => {
    server = await ApiServer.open(site.controller, silentLog, 4711);
    const { url, token } = await opened(site);
    const headers = { authorization: `Bearer ${token}` };
    const light = await fetch(url + path, { headers });
    // A condition that changes nothing: this one is for the application.
    const full = await fetch(url + path, { headers: { ...headers, 'caravan-position': '0' } });
    expect(light.status).toBe(200);
    expect(light.headers.get('content-type')).toBe(full.headers.get('content-type'));
    const body: unknown = await light.json();
    expect(body).toEqual(await full.json());
    expect(reply!.parse(body)).toEqual(body);
  });

  it('is nothing else than a plain read', () => {
    expect(lightRead(get('/state'), local())).toMatchObject({ step: 'joined' });
    for (const other of [
      get('/state', {}, 'POST'),
      get('/state?x=1'),
      get('/state/'),
      get('/openapi.json'),
      get('/listeners/l'),
      get('/items', { 'caravan-position': '9' }),
      get('/items', { 'idempotency-key': 'k' }),
    ]) {
      expect(lightRead(other, local())).toBeUndefined();
    }
  });

  it('is left to the application when it is refused', () => {
    const { relayConnected } = site.controller;
    expect(lightRead(get('/links'), local())).toEqual({ items: [] });
    site.controller.relayConnected = false;
    expect(lightRead(get('/links'), local())).toBeUndefined();
    site.controller.relayConnected = relayConnected;
  });
});

async function opened(site: TestSite): Promise<{ url: string; token: string }> {
  const { apiFile, tokenFile } = site.controller.state.directory.paths;
  const { url } = JSON.parse(await readFile(apiFile, 'utf8')) as { url: string };
  return { url, token: (await readFile(tokenFile, 'utf8')).trim() };
}
