import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PeerLog } from '@caravan/log-lines';
import type { Log } from '../log.js';

/** What the door says by itself: status, and words that name the remedy. */
const AT_THE_DOOR = {
  'request.unauthenticated': [
    401,
    'This needs the token of the site: send what its api.token holds as `Authorization: Bearer <token>`.',
  ],
  'request.misdirected': [421, 'This site is asked by its loopback address: 127.0.0.1, ::1 or localhost.'],
  'request.malformed': [400, 'This is not an HTTP/1.1 request.'],
  'request.too-slow': [408, 'The request did not come to its end in time.'],
  'request.headers-too-large': [431, 'All headers together have at most 16 kB.'],
  'request.too-large': [413, 'A request has at most 65536 bytes.'],
  'request.unsupported-media-type': [415, 'Send the body as `Content-Type: application/json`, in UTF-8.'],
  'request.not-json': [400, 'The body is not JSON in UTF-8.'],
  'route.not-found': [404, 'There is nothing here; GET /site/v1/openapi.json says what there is.'],
  'service.internal': [500, 'This is our fault; the log of the site says more.'],
} as const;
export type DoorCode = keyof typeof AT_THE_DOOR;

const LINGER_MS = 1_000;

/** Refuses in problem details, counts, and leaves some lines of many. Without what knows the schemas: it is for strangers. */
export class Refusals {
  readonly counts = new Map<string, number>();
  readonly #peerLog: PeerLog;

  constructor(log: Log) {
    this.#peerLog = new PeerLog(log);
  }

  note(code: string, fields: object, detail: string): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    this.#peerLog.warn(code, fields, `local request refused: ${detail.slice(0, 300)}`);
  }

  answer(request: IncomingMessage, response: ServerResponse, code: DoorCode): void {
    this.note(code, { method: request.method, path: request.url?.split('?')[0]?.slice(0, 200) }, AT_THE_DOOR[code][1]);
    const body = problemOf(code);
    response.writeHead(AT_THE_DOOR[code][0], {
      ...headersOf(body),
      ...(code === 'request.unauthenticated' && { 'www-authenticate': 'Bearer' }),
    });
    response.end(body);
  }

  /** Answers what is no request, or never became one. */
  watch(server: Server): void {
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }) => {
      const code = codeOf(error);
      if (code === undefined) return void socket.destroy();
      this.note(code, {}, AT_THE_DOOR[code][1]);
      socket.on('error', () => undefined);
      if (!socket.writable || socket._httpMessage?.headersSent) return void socket.destroy();
      const body = problemOf(code);
      const headers = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}`);
      socket.end([`HTTP/1.1 ${AT_THE_DOOR[code][0]} Refused`, ...headers, '', body].join('\r\n'));
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once('close', () => clearTimeout(timer));
      socket.resume();
    });
  }
}

function codeOf({ code }: NodeJS.ErrnoException): DoorCode | undefined {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return undefined;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request.too-slow';
    case 'HPE_HEADER_OVERFLOW':
      return 'request.headers-too-large';
    default:
      return 'request.malformed';
  }
}

const headersOf = (body: string) => ({
  'content-type': 'application/problem+json',
  'content-length': Buffer.byteLength(body),
  // What was not read of a refused request must not pass for the next one.
  connection: 'close',
});

function problemOf(code: DoorCode): string {
  const [status, detail] = AT_THE_DOOR[code];
  const title = code.replace('.', ': ').replaceAll('-', ' ');
  return JSON.stringify({ type: `urn:caravan:problem:${code}`, title, status, code, detail });
}
