import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secret } from '@caravan/pki';
import type { Log } from '../log.js';
import type { SiteController } from '../site-controller.js';
import { replaceFile } from '../site-directory/index.js';
import type { SitePaths } from '../site-directory/index.js';
import { apiToken, isAuthorized } from './api-token.js';
import type { Answer } from './api-app.js';
import { lightRead } from './light-reads.js';
import { LocalSite } from './local-site.js';
import { metricsText, METRICS_TYPE } from './metrics-text.js';
import { readBody } from './read-body.js';
import { Refusals } from './refusals.js';
import type { DoorCode } from './refusals.js';

const LOOPBACK = '127.0.0.1';
/** Silent ones are ended after 5 s; so many at once leave room for an honest one, and cost some 10 MB. */
const MOST_CONNECTIONS = 1_024;
const CLOSE_WITHIN_MS = 3_000;
/** A name that leads here; another one came from a page that wants to be taken for this machine (DNS rebinding). */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;
const BASE_PATH = '/site/v1/';
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

interface App {
  readonly answer: Answer;
  close(): Promise<void>;
}

/**
 * The door of the local API: loopback, the bearer token, limits. What is behind it (Nest, Express, the schemas of the API: some
 * 20 MB for good) is loaded with the first request that it lets in and does not answer itself, since most sites are looked at
 * at most for most of their life.
 */
export class ApiServer {
  private readonly server: Server;
  private readonly refusals: Refusals;
  private readonly local: LocalSite;
  private app: Promise<App> | undefined;

  private constructor(
    private readonly site: SiteController,
    private readonly token: Secret<string>,
    private readonly log: Log,
  ) {
    this.refusals = new Refusals(log);
    this.local = new LocalSite(site);
    // Node looks every 30 s unless told: a sender could be twice as slow as is said.
    this.server = createServer({ connectionsCheckingInterval: 1_000 }, (request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        this.app = undefined;
        this.log.error({ err: error }, 'the local API failed');
        if (response.headersSent) response.destroy();
        else this.refusals.answer(request, response, 'service.internal');
      });
    });
    this.refusals.watch(this.server);
    this.server.headersTimeout = 5_000;
    this.server.requestTimeout = 15_000;
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /**
   * Opens it on the port of the last start, or on any free one, and says where in `api.json`.
   * `pid`: whom to end to end this site.
   */
  static async open(site: SiteController, log: Log, pid: number): Promise<ApiServer> {
    const { paths } = site.state.directory;
    const api = new ApiServer(site, await apiToken(paths.tokenFile), log);
    const port = await api.listen(await portOf(paths));
    const url = `http://${LOOPBACK}:${port}/site/v1`;
    await replaceFile(paths.apiFile, `${JSON.stringify({ url, tokenFile: paths.tokenFile, pid })}\n`);
    log.info({ url }, 'local API open');
    return api;
  }

  /** What is being answered is answered, within reason. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    const impatient = setTimeout(() => this.server.closeAllConnections(), CLOSE_WITHIN_MS);
    await closed;
    clearTimeout(impatient);
    await (await this.app?.catch(() => undefined))?.close();
  }

  private listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => {
        if (port === 0 || error.code !== 'EADDRINUSE') return reject(error);
        this.log.warn({ port }, 'another program has the port of the local API: it gets a new one');
        this.listen(0).then(resolve, reject);
      };
      this.server.once('error', failed);
      this.server.listen({ host: LOOPBACK, port }, () => {
        this.server.off('error', failed);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (code: DoorCode): void => this.refusals.answer(request, response, code);
    if (!LOOPBACK_HOST.test(request.headers.host ?? '')) return refuse('request.misdirected');
    if (!isAuthorized(request.headers.authorization, this.token)) return refuse('request.unauthenticated');
    const path = request.url?.split('?')[0] ?? '';
    if (path === '/metrics') return void response.writeHead(200, METRICS_TYPE).end(this.metrics());
    if (!path.startsWith(BASE_PATH)) return refuse('route.not-found');
    const body = await readBody(request);
    if ('refused' in body) return refuse(body.refused);
    const read = body.value === undefined ? lightRead(request, this.local) : undefined;
    if (read) return void response.writeHead(200, JSON_TYPE).end(JSON.stringify(read));
    const refused = (...about: Parameters<Refusals['note']>): void => this.refusals.note(...about);
    this.app ??= import('./api-app.js').then(({ createApiApp }) => createApiApp(this.local, this.log, refused));
    const { answer } = await this.app;
    answer(Object.assign(request, { body: body.value }), response);
  }

  private metrics(): string {
    return metricsText({
      caravan_site_requests_refused_total: [
        'Requests to the local API that were refused, by code',
        this.refusals.counts,
      ],
      caravan_site_troubles_total: ['What did not work, each time, by code', this.site.troubles.counts],
    });
  }
}

/** The port of the last start; 0, any, when there was none or its file is not readable. */
async function portOf({ apiFile }: SitePaths): Promise<number> {
  try {
    const { url } = JSON.parse(await readFile(apiFile, 'utf8')) as { url: string };
    return Number(new URL(url).port);
  } catch {
    return 0;
  }
}
