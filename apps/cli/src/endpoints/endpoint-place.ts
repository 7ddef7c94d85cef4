import { ApiError, closeSiteConnector, closeSiteListener, getSiteConnector, getSiteListener } from '@caravan/api';
import { listSiteConnectors, listSiteListeners, openSiteConnector, openSiteListener } from '@caravan/api';
import type { ConnectorTls, ListenerTls, LocalState, SiteEndpoint } from '@caravan/api';
import { textOption } from '../options.js';
import type { Invocation } from '../command.js';
import { noticeFor } from '../connection/connection.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { callRoute } from '../resources/listing.js';
import { choose, resolve } from '../resources/resolve.js';
import { scopeOf } from '../resources/scope.js';
import { readState, runningSite, siteDirectory } from '../site/local-site.js';
import type { LocalSite } from '../site/local-site.js';
import { isWait } from '../site/troubles.js';
import { placeFlags } from './place-flags.js';

export interface EndpointBody {
  readonly address: string;
  readonly host?: string;
  readonly port: number;
  readonly tls?: ListenerTls | ConnectorTls;
}

/** Where an endpoint is opened and closed: at the site itself, or by the management plane for one. */
export interface EndpointPlace {
  /** For sentences: `at the site in /var/lib/store-1`. */
  readonly where: string;
  open(body: EndpointBody): Promise<Item>;
  close(ref: string): Promise<Item>;
  /** How it is there, where the place can tell; undefined while it has not heard of it. */
  look?(id: string): Promise<SiteEndpoint | undefined>;
  /** What is wrong there, as the site says itself. */
  troubles?(): Promise<AtSite>;
}

interface AtSite {
  readonly dir: string;
  readonly troubles: LocalState['troubles'];
}

export type EndpointKind = 'listener' | 'connector';

const siteRoutes = {
  listener: { list: listSiteListeners, open: openSiteListener, close: closeSiteListener, get: getSiteListener },
  connector: { list: listSiteConnectors, open: openSiteConnector, close: closeSiteConnector, get: getSiteConnector },
} as const;

const SILENT: LocalState['troubles'][number] = {
  code: 'site.not-answering',
  detail: 'It does not answer any more.',
  since: '',
};

const atSite = (site: LocalSite, kind: Kind, newId: () => string): EndpointPlace => {
  const { api, dir } = site;
  const routes = siteRoutes[kind.name as EndpointKind];
  const list = `caravan site ${kind.plural} --dir ${dir}`;
  const call = (route: (typeof routes)['list' | 'open' | 'close' | 'get'], id: string | undefined, body?: unknown) =>
    callRoute(api, route, {
      params: id === undefined ? {} : { [kind.idField]: id },
      ...(route.method !== 'GET' && { idempotencyKey: newId() }),
      ...(body !== undefined && { body }),
    });
  return {
    where: `at the site in ${dir}`,
    open: async (body) => (await decided(call(routes.open, undefined, body), list)) as Item,
    close: async (ref) => {
      const { items } = (await call(routes.list, undefined)) as { items: Item[] };
      const labelled = items.map((item) => ({ item, labels: kind.labels(item, (_kind, id) => String(id)) }));
      const item = choose(kind, ref, labelled, list);
      await decided(call(routes.close, idOf(item)), list);
      return item;
    },
    look: async (id) => {
      try {
        // Without a word of each, and without the position of the decision, for which the site would hold back its answer.
        return (await callRoute(site.quick, routes.get, { params: { [kind.idField]: id } })) as SiteEndpoint;
      } catch (error) {
        // Decided and not yet part of the site's desired state, or the site is just being started again: it comes.
        const { status, code } = error instanceof ApiError ? error.problem : {};
        if (status === 404 || code === 'api.unreachable') return undefined;
        throw error;
      }
    },
    troubles: async () => {
      const state = await readState(site);
      return { dir, troubles: state ? state.troubles.filter(({ code }) => !isWait(code)) : [SILENT] };
    },
  };
};

const byManagement = async (invocation: Invocation, kind: Kind): Promise<EndpointPlace> => {
  const { options, terminal } = invocation;
  const api = await invocation.connect();
  const scope = await scopeOf(api, kind, options);
  const list = `caravan get ${kind.plural}${placeFlags(options)}`;
  const request = (params: object, body?: EndpointBody) => ({
    params: { ...scope, ...params },
    idempotencyKey: terminal.newId(),
    ...(body && { body }),
  });
  return {
    where: `at member ${textOption(options, 'member') ?? scope['memberId'] ?? ''}`,
    open: async (body) => (await decided(callRoute(api, kind.routes.create!, request({}, body)), list)) as Item,
    close: async (ref) => {
      const item = await resolve(api, kind, ref, scope);
      await decided(callRoute(api, kind.routes.delete!, request({ [kind.idField]: idOf(item) })), list);
      return item;
    },
  };
};

/** Answers that leave open whether it took effect: each run of a command is a new request, so it is looked at first. */
const OPEN = new Set(['management.away', 'service.timeout', 'log.unavailable', 'api.unreachable']);

const decided = async <Reply>(answer: Promise<Reply>, list: string): Promise<Reply> => {
  try {
    return await answer;
  } catch (error) {
    const { code, detail, remedies } = failureOf(error);
    if (!OPEN.has(code) || detail.includes('Nothing was changed')) throw error;
    const look = `${list} shows whether it took effect; run this again only if it did not`;
    throw new Reworded(error, { remedies: code === 'api.unreachable' ? [...remedies, look] : [look] });
  }
};

/** The site of `--dir` or of the current folder; with `--member`, or where there is no site, the management plane. */
export const endpointPlace = async (invocation: Invocation, name: EndpointKind): Promise<EndpointPlace> => {
  const { options, terminal } = invocation;
  const kind = kindOf(name);
  const isCentral = textOption(options, 'member') !== undefined || textOption(options, 'network') !== undefined;
  const dir = isCentral ? undefined : await siteDirectory(options, terminal);
  if (dir === undefined) return byManagement(invocation, kind);
  return atSite(await runningSite(dir, noticeFor(options, terminal)), kind, () => terminal.newId());
};
