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

const LOOPBACK = '127.0.0.1';
const MOST_CONNECTIONS = 64;
const CLOSE_WITHIN_MS = 3_000;
export const MOST_BODY_BYTES = 65_536;
const NEEDS_TOKEN =
  'This needs the token of the site: send what its api.token holds as `Authorization: Bearer <token>`.';

interface App {
  readonly answer: Answer;
  close(): Promise<void>;
}

/**
 * The door of the local API: loopback, the bearer token, limits. What is behind it (Nest, Express, the schemas of the API: some
 * 40 MB) is loaded with the first request that it lets in, since most sites are left alone for most of their life.
 */
export class ApiServer {
  private readonly server: Server;
  private app: Promise<App> | undefined;

  private constructor(
    private readonly site: SiteController,
    private readonly token: Secret<string>,
    private readonly log: Log,
  ) {
    this.server = createServer((request, response) => void this.handle(request, response));
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
    if (!isAuthorized(request.headers.authorization, this.token)) {
      return refuse(response, 401, 'request.unauthenticated', NEEDS_TOKEN);
    }
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) {
      return refuse(response, 413, 'request.too-large', `A request has at most ${MOST_BODY_BYTES} bytes.`);
    }
    try {
      this.app ??= import('./api-app.js').then(({ createApiApp }) => createApiApp(this.site, this.log));
      const { answer } = await this.app;
      answer(request, response);
    } catch (error) {
      this.app = undefined;
      this.log.error({ err: error }, 'the local API did not start');
      refuse(response, 500, 'service.internal', 'This is our fault; the log of the site says more.');
    }
  }
}

/** Problem details without what knows them: nobody who was not let in makes this process larger. */
function refuse(response: ServerResponse, status: number, code: string, detail: string): void {
  const problem = {
    type: `urn:caravan:problem:${code}`,
    title: code.replace('.', ': ').replaceAll('-', ' '),
    status,
    code,
    detail,
  };
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    connection: 'close',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  response.end(JSON.stringify(problem));
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
