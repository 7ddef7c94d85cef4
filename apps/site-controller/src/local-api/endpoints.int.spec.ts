import { describe, expect, it } from 'vitest';
import {
  changeSiteListener,
  closeSiteListener,
  getLocalState,
  getSiteListener,
  listSiteConnectors,
  listSiteListeners,
  openSiteConnector,
  openSiteListener,
} from '@caravan/api';
import type { ApiError } from '@caravan/api';
import type { SiteCommand } from '@caravan/events';
import { siteCommandSchema } from '@caravan/events';
import { eventually } from '@caravan/testing';
import { refusal } from '../management-plane.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID } from '../site.fixture.js';
import { codeOf, LISTENER_ID, newListener, useLocalApis } from './local-api.fixture.js';

describe('the local API of a site', () => {
  const apis = useLocalApis();

  /** Decides as the management plane would, and tells the site. */
  const decide = (): void => {
    apis.plane.command = (command: SiteCommand) => {
      const items = apis.plane.items.filter(({ id }) => id !== LISTENER_ID);
      if (command.command !== 'close-listener') {
        const { address, host, port } = command as { address: string; host: string; port: number };
        const kind = command.command.endsWith('connector') ? 'connector' : 'listener';
        items.push({ kind, id: LISTENER_ID, networkId: NETWORK_ID, address, host, port });
      }
      void apis.plane.desire(SITE_ID, items);
      return { position: apis.plane.revision, id: LISTENER_ID };
    };
  };

  it('opens, changes and closes a listener, as the management plane decides', async () => {
    const { call, site } = await apis.joined();
    decide();
    const created = await call(openSiteListener, { body: newListener });
    expect(created).toMatchObject({ id: LISTENER_ID, address: 'inventory', host: '127.0.0.1', port: 8080 });
    await eventually('it listens on 8080', () => site.plane.latest?.listeners[0]?.port === 8080);
    expect((await call(listSiteListeners, {})).items).toMatchObject([{ id: LISTENER_ID, state: 'applied' }]);
    const params = { listenerId: LISTENER_ID };
    expect(await call(changeSiteListener, { params, body: { port: 9090 } })).toMatchObject({ port: 9090 });
    expect(apis.plane.commands.at(-1)).toMatchObject({ address: 'inventory', host: '127.0.0.1', port: 9090 });
    await eventually('it listens on 9090', () => site.plane.latest?.listeners[0]?.port === 9090);
    await call(closeSiteListener, { params });
    expect(await codeOf(call(getSiteListener, { params }))).toEqual([404, 'listener.unknown']);
    await eventually('it has no listeners', () => site.plane.latest?.listeners.length === 0);
    for (const command of apis.plane.commands) expect(siteCommandSchema.parse(command)).toEqual(command);
  });

  it('opens a connector', async () => {
    const { call } = await apis.joined();
    decide();
    await call(openSiteConnector, { body: { address: 'inventory', host: 'db.local', port: 5432 } });
    expect((await call(listSiteConnectors, {})).items).toMatchObject([{ host: 'db.local', port: 5432 }]);
  });

  it('sends one command for one idempotency key, and another for another request', async () => {
    const { call } = await apis.joined();
    decide();
    const idempotencyKey = 'the same';
    await call(openSiteListener, { body: newListener, idempotencyKey });
    await call(openSiteListener, { body: newListener, idempotencyKey });
    await call(openSiteListener, { body: { ...newListener, port: 1 }, idempotencyKey });
    await call(openSiteListener, { body: newListener });
    const ids = apis.plane.commands.map(({ commandId }) => commandId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('passes a refusal on with its code', async () => {
    const { call } = await apis.joined();
    apis.plane.command = () => refusal('listener.port-taken', 'never');
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'listener.port-taken']);
    apis.plane.command = () => refusal('listener.unknown', 'never');
    expect(await codeOf(call(closeSiteListener, { params: { listenerId: LISTENER_ID } }))).toEqual([
      404,
      'listener.unknown',
    ]);
    apis.plane.command = () => refusal('log.unavailable', 'later');
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([503, 'management.busy']);
  });

  it('says so, with the remedy, while the management plane is away', async () => {
    const { call, site } = await apis.joined();
    await apis.management().nats.kill();
    await eventually('it is alone', () => !site.controller.control.connected);
    const error = (await call(openSiteListener, { body: newListener }).catch((failed: unknown) => failed)) as ApiError;
    expect(error.problem).toMatchObject({ status: 503, code: 'management.away' });
    expect(error.problem.detail).toContain('Nothing was changed. Try again');
    const state = await call(getLocalState, {});
    expect(state).toMatchObject({ step: 'joined', connected: false, relayConnected: true });
    expect(state.troubles.map(({ code }) => code)).toContain('management.away');
    await apis.management().nats.restart();
  });

  it('has no listeners at a backbone site', async () => {
    apis.plane.join = apis.plane.admitBackboneSite(BACKBONE_ID, SITE_ID, [apis.sites.link('site', 'peer')]);
    const { call, site } = await apis.opened(apis.sites.bundle([apis.sites.link('bootstrap', 'peer')]));
    await site.run;
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'site.not-a-member']);
  });
});
