import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  apiClient,
  changeSiteListener,
  closeSiteListener,
  getLocalState,
  getSiteListener,
  listSiteCertificates,
  listSiteConnections,
  listSiteConnectors,
  listSiteItems,
  listSiteLinks,
  listSiteListeners,
  openSiteConnector,
  openSiteListener,
  siteApiFileSchema,
  siteRoutes,
} from '@caravan/api';
import type { ApiError, SiteFile } from '@caravan/api';
import type { SiteCommand } from '@caravan/events';
import { siteCommandSchema } from '@caravan/events';
import { useManagement } from '../control/management.fixture.js';
import { silentLog } from '../log.js';
import { eventually, FakeManagementPlane, refusal } from '../management-plane.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID, TestSites } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { ApiServer } from './api-server.js';

jest.setTimeout(30_000);

const LISTENER_ID = '0198c0de-0000-7000-8000-000000001111';
const newListener = { address: 'inventory', port: 8080 };

describe('the local API of a site', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  let plane: FakeManagementPlane;
  const servers: ApiServer[] = [];
  beforeEach(async () => {
    plane = new FakeManagementPlane(management());
    await plane.start();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    await sites.end();
    await plane.stop();
  });

  interface Opened {
    readonly dir: string;
    readonly site: TestSite;
    readonly url: string;
    readonly token: string;
    readonly call: ReturnType<typeof apiClient>['call'];
  }
  const opened = async (file?: SiteFile, dir = sites.directory()): Promise<Opened> => {
    const site = await sites.start(dir, file ?? sites.invitation());
    servers.push(await ApiServer.open(site.controller, silentLog, 4711));
    const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    const token = readFileSync(tokenFile, 'utf8').trim();
    return { dir, site, url, token, call: apiClient({ url, token }).call };
  };
  const joined = async (): Promise<Opened> => {
    const api = await opened();
    await api.site.run;
    await eventually(() => plane.reports.at(-1)?.appliedRevision === plane.revision);
    return api;
  };
  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'done',
      (error: ApiError) => [error.problem.status, error.problem.code],
    );

  it('says where it is, to whoever may read the directory, and is there again after a restart', async () => {
    const { dir, url, site } = await opened();
    const file = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    expect(file).toEqual({ url, tokenFile: join(dir, 'api.token'), pid: 4711 });
    expect((statSync(file.tokenFile).mode & 0o777).toString(8)).toBe('600');
    await servers.pop()?.close();
    await site.stop();
    expect((await opened(undefined, dir)).url).toBe(url);
  });

  it('gives way to a program that has taken its port', async () => {
    const { dir, url, site } = await opened();
    await site.stop();
    const again = await opened(undefined, dir);
    expect(again.url).not.toBe(url);
    expect(await again.call(getLocalState, {})).toMatchObject({ role: 'member' });
  });

  it('lets nobody in without the token', async () => {
    const { url, token } = await opened();
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token} x`,
    ]) {
      const paths = [...siteRoutes.map(({ path }) => path), '/openapi.json', '/nothing'];
      for (const path of paths) {
        const answer = await fetch(url + path, authorization === undefined ? {} : { headers: { authorization } });
        expect([path, answer.status]).toEqual([path, 401]);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(await answer.json()).toMatchObject({ code: 'request.unauthenticated', status: 401 });
      }
    }
    expect((await fetch(`${url}/state`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('describes itself, operation by operation', async () => {
    const { url, token } = await opened();
    const answer = await fetch(`${url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    const document = (await answer.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path } of siteRoutes) expect(document.paths[path]).toHaveProperty(method.toLowerCase());
  });

  it('tells how far the site has come, and what is in its way', async () => {
    plane.join = () => refusal('network.not-started', 'later');
    const { call, site } = await opened();
    await eventually(() => site.controller.troubles.list().some(({ code }) => code === 'network.not-started'));
    const state = await call(getLocalState, {});
    expect(state).toMatchObject({ role: 'member', step: 'key-made', siteId: null, network: { name: 'retail' } });
    expect(state.troubles).toContainEqual(expect.objectContaining({ code: 'network.not-started' }));
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'site.not-joined']);
  });

  it('shows the reason of a refusal that is for ever', async () => {
    plane.join = () => refusal('invitation.expired', 'never');
    const { call, site } = await opened();
    await site.run;
    const state = await call(getLocalState, {});
    expect(state.step).toBe('refused');
    expect(state.troubles.at(-1)).toMatchObject({ code: 'invitation.expired', detail: 'refused: invitation.expired' });
  });

  it('shows the items, links and certificates of this site', async () => {
    const { call, site } = await joined();
    expect(await call(getLocalState, {})).toMatchObject({ step: 'joined', name: 'hq', connected: true, revision: 7 });
    const { items } = await call(listSiteItems, {});
    expect(items).toMatchObject([{ key: 'link/member-link', kind: 'link', state: 'applied', revision: 7 }]);
    expect((await call(listSiteLinks, {})).items).toEqual([]);
    const { items: certificates } = await call(listSiteCertificates, {});
    expect(certificates).toMatchObject([
      { id: 'site', state: 'held', identity: `spiffe://test/network/${NETWORK_ID}/member/${SITE_ID}` },
    ]);
    const connection = {
      id: 'c1',
      scope: `network:${NETWORK_ID}`,
      address: 'inventory',
      at: '2026-01-01T00:00:00Z',
      from: { kind: 'listener', id: LISTENER_ID, peerIdentity: null },
      to: null,
      hops: 0,
      outcome: 'carried',
    } as const;
    site.plane.connectionsKnown = [connection, { ...connection, id: 'c2' }];
    expect((await call(listSiteConnections, { query: { id: 'c2' } })).items.map(({ id }) => id)).toEqual(['c2']);
    expect((await call(listSiteConnections, {})).items).toHaveLength(2);
  });

  /** Decides as the management plane would, and tells the site. */
  const decide = (): void => {
    plane.command = (command: SiteCommand) => {
      const items = plane.items.filter(({ id }) => id !== LISTENER_ID);
      if (command.command !== 'close-listener') {
        const { address, host, port } = command as { address: string; host: string; port: number };
        const kind = command.command.endsWith('connector') ? 'connector' : 'listener';
        items.push({ kind, id: LISTENER_ID, networkId: NETWORK_ID, address, host, port });
      }
      void plane.desire(SITE_ID, items);
      return { position: plane.revision, id: LISTENER_ID };
    };
  };

  it('opens, changes and closes a listener, as the management plane decides', async () => {
    const { call, site } = await joined();
    decide();
    const created = await call(openSiteListener, { body: newListener });
    expect(created).toMatchObject({ id: LISTENER_ID, address: 'inventory', host: '127.0.0.1', port: 8080 });
    await eventually(() => site.plane.latest?.listeners[0]?.port === 8080);
    expect((await call(listSiteListeners, {})).items).toMatchObject([{ id: LISTENER_ID, state: 'applied' }]);
    const params = { listenerId: LISTENER_ID };
    expect(await call(changeSiteListener, { params, body: { port: 9090 } })).toMatchObject({ port: 9090 });
    expect(plane.commands.at(-1)).toMatchObject({ address: 'inventory', host: '127.0.0.1', port: 9090 });
    await eventually(() => site.plane.latest?.listeners[0]?.port === 9090);
    await call(closeSiteListener, { params });
    expect(await codeOf(call(getSiteListener, { params }))).toEqual([404, 'listener.unknown']);
    await eventually(() => site.plane.latest?.listeners.length === 0);
    for (const command of plane.commands) expect(siteCommandSchema.parse(command)).toEqual(command);
  });

  it('opens a connector', async () => {
    const { call } = await joined();
    decide();
    await call(openSiteConnector, { body: { address: 'inventory', host: 'db.local', port: 5432 } });
    expect((await call(listSiteConnectors, {})).items).toMatchObject([{ host: 'db.local', port: 5432 }]);
  });

  it('sends one command for one idempotency key, and another for another request', async () => {
    const { call } = await joined();
    decide();
    const idempotencyKey = 'the same';
    await call(openSiteListener, { body: newListener, idempotencyKey });
    await call(openSiteListener, { body: newListener, idempotencyKey });
    await call(openSiteListener, { body: { ...newListener, port: 1 }, idempotencyKey });
    await call(openSiteListener, { body: newListener });
    const ids = plane.commands.map(({ commandId }) => commandId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('passes a refusal on with its code', async () => {
    const { call } = await joined();
    plane.command = () => refusal('listener.port-taken', 'never');
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'listener.port-taken']);
    plane.command = () => refusal('listener.unknown', 'never');
    expect(await codeOf(call(closeSiteListener, { params: { listenerId: LISTENER_ID } }))).toEqual([
      404,
      'listener.unknown',
    ]);
    plane.command = () => refusal('log.unavailable', 'later');
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([503, 'management.busy']);
  });

  it('says so, with the remedy, while the management plane is away', async () => {
    const { call, site } = await joined();
    await management().nats.kill();
    await eventually(() => !site.controller.control.connected);
    const error = (await call(openSiteListener, { body: newListener }).catch((failed: unknown) => failed)) as ApiError;
    expect(error.problem).toMatchObject({ status: 503, code: 'management.away' });
    expect(error.problem.detail).toContain('Nothing was changed. Try again');
    const state = await call(getLocalState, {});
    expect(state).toMatchObject({ step: 'joined', connected: false, relayConnected: true });
    expect(state.troubles.map(({ code }) => code)).toContain('management.away');
    await management().nats.restart();
  });

  it('does not make up links while its relay is away', async () => {
    const { call, site } = await joined();
    site.controller.relayConnected = false;
    expect(await codeOf(call(listSiteLinks, {}))).toEqual([503, 'relay.unavailable']);
    expect((await call(getLocalState, {})).relayConnected).toBe(false);
  });

  it('has no listeners at a backbone site', async () => {
    plane.join = plane.admitBackboneSite(BACKBONE_ID, SITE_ID, [sites.link('site', 'peer')]);
    const { call, site } = await opened(sites.bundle([sites.link('bootstrap', 'peer')]));
    await site.run;
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'site.not-a-member']);
  });

  it.each([
    ['no JSON', '{', 'request.not-json', 400],
    ['a wrong port', '{"address":"a","port":0}', 'request.invalid', 400],
    ['a field that is not known', '{"address":"a","port":80,"networkId":"other"}', 'request.invalid', 400],
    ['the reserved address', '{"address":"caravan.control","port":80}', 'request.invalid', 400],
    ['more than it reads', JSON.stringify({ address: 'a'.repeat(70_000) }), 'request.too-large', 413],
  ])('refuses a body with %s', async (_, body, code, status) => {
    const { url, token } = await joined();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/listeners`, { method: 'POST', headers, body });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code, status });
    expect(plane.commands).toEqual([]);
  });

  it('refuses a body that is too large and does not say so, an id that is none, and a path that is not there', async () => {
    const { url, token } = await joined();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(`"${'a'.repeat(100_000)}"`));
        controller.close();
      },
    });
    const streamed = await fetch(`${url}/listeners`, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
    expect((await fetch(`${url}/listeners/7`, { headers })).status).toBe(400);
    const nothing = await fetch(`${url}/members`, { headers });
    expect(await nothing.json()).toMatchObject({ code: 'route.not-found', status: 404 });
    const put = await fetch(`${url}/listeners/${LISTENER_ID}`, { method: 'PUT', headers });
    expect(await put.json()).toMatchObject({ code: 'request.method-not-allowed', status: 405 });
    expect(put.headers.get('allow')).toBe('DELETE, GET, PATCH');
  });

  it('lives on when garbage comes in', async () => {
    const { url, call } = await opened();
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\x16\x03\x01garbage\r\n\r\n'));
      socket.on('close', () => resolve()).resume();
    });
    expect(await call(getLocalState, {})).toMatchObject({ role: 'member' });
  });
});
