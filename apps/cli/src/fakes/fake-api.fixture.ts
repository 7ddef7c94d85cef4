import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { API_BASE_PATH, apiRoutes } from '@caravan/api';
import type { Route } from '@caravan/api';
import { operations } from './operations.fixture.js';
import { bundle, credential } from './downloads.fixture.js';
import { freshWorld, idNumber, siteState } from './world.fixture.js';
import type { Record_, World } from './world.fixture.js';

export const TOKEN = 'token-of-the-fake';

/** A request as it came; what the CLI really sent. */
export interface Seen {
  readonly route: string;
  readonly params: Record<string, string>;
  readonly query: Record<string, string>;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * The management API over a world in memory, answering every route of the table; requests and replies are checked against
 * the table's schemas, so that what the CLI is tested with is what a server may say.
 */
export class FakeApi {
  world: World = freshWorld();
  readonly seen: Seen[] = [];
  /** How many requests for a credential are answered with `certificate.pending` first. */
  pending = 0;
  /** How long every answer takes. */
  lateMs = 0;
  /** What a route is refused with instead of being answered, by its name. */
  refusing: Readonly<Record<string, { readonly status: number; readonly code: string; readonly detail: string }>> = {};
  /** Items on one page, so that a spec sees lists put together. */
  pageSize = 500;
  private made = 500;
  private readonly server = createServer((request, response) => {
    void this.handle(request).then(
      ({ status: code, body }) => response.writeHead(code, HEADERS).end(body === undefined ? '' : JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const found = match(request.method ?? 'GET', url.pathname);
    if (!found) return { status: 404, body: { not: 'a problem document' } };
    const { route, params } = found;
    try {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        throw new Refusal(401, 'auth.unauthenticated', 'The token is not known.');
      }
      const text = await textOf(request);
      const query = (route.query?.parse(Object.fromEntries(url.searchParams)) ?? {}) as Record<string, string>;
      const body = text === '' ? undefined : route.body?.parse(JSON.parse(text));
      const key = request.headers['idempotency-key'];
      this.seen.push({ route: route.name, params, query, body, idempotencyKey: key as string | undefined });
      await pause(this.lateMs);
      const no = this.refusing[route.name];
      if (no) throw new Refusal(no.status, no.code, no.detail);
      const reply = this.answer(route, params, query, body as Record_);
      return { status: route.status, ...(route.reply && { body: route.reply.parse(reply) }) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status: code, code: problem, message: detail } = error;
      const type = `urn:caravan:problem:${problem}`;
      return { status: code, body: { type, title: problem, status: code, code: problem, detail } };
    }
  }

  private answer(route: Route, params: Record<string, string>, query: Record_, body: Record_): unknown {
    const asked = operations[route.name];
    if (asked) return asked(query);
    const [last = '', before = ''] = route.path.split('/').reverse();
    switch (route.name) {
      case 'getSiteState':
        return siteState(params['siteId'] ?? '');
      case 'getRevocation':
        return { ...this.one('revocations', params['revocationId']), waiting: 0, waitingFor: [] };
      case 'revokeInvitation':
        return Object.assign(this.one('invitations', params['invitationId']), { status: 'revoked' });
      case 'approveClaim':
      case 'declineClaim': {
        const decided = { decidedAt: '2026-11-20T13:00:00.000Z', decidedBy: 'admin' };
        const status = route.name === 'approveClaim' ? 'member' : 'declined';
        return Object.assign(this.one('claims', params['claimId']), { status, ...decided });
      }
      case 'createInvitationCredential':
        this.expectIssued();
        return credential(this.world, params['invitationId'] ?? '');
      case 'createBundle':
        this.expectIssued();
        return bundle(this.world, params['siteId'] ?? '');
    }
    const collection = last.startsWith('{') ? before : last;
    if (!last.startsWith('{')) {
      return route.method === 'GET' ? this.page(collection, params, query) : this.create(collection, params, body);
    }
    const id = params[last.slice(1, -1)];
    const item = this.one(collection, id);
    if (route.method === 'DELETE') this.remove(collection, item);
    return item;
  }

  private one(collection: string, id: string | undefined): Record_ {
    const item = this.world[collection]?.find((each) => each['id'] === id);
    const singular = collection.replace(/s$/, '');
    if (!item) throw new Refusal(404, `${singular}.unknown`, `There is no such ${singular}.`);
    return item;
  }

  private expectIssued(): void {
    this.pending -= 1;
    if (this.pending >= 0) throw new Refusal(503, 'certificate.pending', 'The certificate is not signed yet.');
  }

  private page(collection: string, params: Record<string, string>, { cursor, limit, ...query }: Record_) {
    const wanted = Object.entries({ ...params, ...query });
    const all = this.world[collection]?.filter((item) => wanted.every(([name, value]) => item[name] === value)) ?? [];
    const from = Number(cursor ?? 0);
    const to = from + Math.min(this.pageSize, Number(limit ?? this.pageSize));
    return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
  }

  private create(collection: string, params: Record<string, string>, body: Record_): Record_ {
    const items = this.world[collection];
    if (!items) throw new Error(`no collection ${collection}`);
    const singular = collection.replace(/s$/, '');
    const taken = items.some(
      (item) => body['name'] !== undefined && item['name'] === body['name'] && item['siteId'] === params['siteId'],
    );
    if (taken)
      throw new Refusal(409, `${singular}.name-taken`, `There is a ${singular} "${String(body['name'])}" already.`);
    const { created, ...defaults } = this.defaultsFor(collection, body);
    const item = { id: idNumber((this.made += 1)), ...defaults, ...params, ...body, ...(created as object) };
    items.push(item);
    return item;
  }

  private defaultsFor(collection: string, body: Record_): Record_ {
    const createdAt = '2026-11-20T13:00:00.000Z';
    switch (collection) {
      case 'backbones':
        return { status: 'awaiting-root', createdAt };
      case 'sites':
        return { status: 'new', proof: null, linkCertificates: [], lastSeenAt: null, createdAt };
      case 'access-points':
        return { host: null, port: null, createdAt };
      case 'links': {
        const end = this.world['access-points']?.find(({ id }) => id === body['accessPointId']);
        return { acceptingSiteId: end?.['siteId'], createdAt };
      }
      case 'networks':
        return {
          ...{ startsAt: createdAt, endsAt: null, deleteAfterSeconds: 30 * 86_400 },
          ...{ deletedAt: null, status: 'establishing', createdAt },
        };
      case 'invitations':
        return {
          namePrefix: body['name'],
          deadline: null,
          claims: 0,
          awaited: 0,
          claimAccessPoints: [],
          memberAccessPoints: [],
          status: 'open',
          createdAt,
        };
      default:
        return { createdAt };
    }
  }

  private remove(collection: string, item: Record_): void {
    const children = this.world['invitations']?.filter(({ networkId }) => networkId === item['id']) ?? [];
    if (collection === 'networks' && children.length > 0) {
      throw new Refusal(409, 'network.has-invitations', 'The network has invitations.');
    }
    this.world[collection] = (this.world[collection] ?? []).filter((each) => each !== item);
  }
}

const HEADERS = { 'content-type': 'application/json', 'caravan-position': '7' };

const match = (method: string, pathname: string): { route: Route; params: Record<string, string> } | undefined => {
  for (const route of apiRoutes) {
    const pattern = route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const found = route.method === method ? new RegExp(`^${API_BASE_PATH}${pattern}$`).exec(pathname) : null;
    if (found) return { route, params: { ...found.groups } };
  }
  return undefined;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};
