import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE_BASE } from '@caravan/api';
import type { Problem } from '@caravan/api';

/** Times in milliseconds. */
export interface ConnectionLimits {
  /** From the first byte expected to the last header, and to the last byte of the body. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often that is looked at; Node's own 30 s would let a sender be twice as slow as is said. */
  readonly checkMs: number;
  readonly connections: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
  connections: 4_096,
};

type Refused = (code: string, fields: object, detail: string) => void;

const REFUSALS = {
  'request.too-slow': [408, 'Request Timeout', 'The request did not come to its end in time.'],
  'request.headers-too-large': [431, 'Request Header Fields Too Large', 'All headers together have at most 16 kB.'],
  'request.malformed': [400, 'Bad Request', 'This is not an HTTP/1.1 request.'],
  'request.no-proxy': [400, 'Bad Request', 'This is no proxy: there is no CONNECT.'],
  'request.expectation': [417, 'Expectation Failed', 'The only expectation that is met is 100-continue.'],
} as const;
type Code = keyof typeof REFUSALS;

/** How long who was refused may take to read why. */
const LINGER_MS = 1_000;

/** What a server does about connections before there is a request: bounds, and words for what is not even HTTP. */
export function limitConnections(server: Server, refused: Refused, limits: ConnectionLimits = CONNECTION_LIMITS): void {
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  server.maxConnections = limits.connections;
  // Both are read when the server begins to listen; the types have them as options of its making only.
  Object.assign(server, { connectionsCheckingInterval: limits.checkMs, requireHostHeader: false });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return void socket.destroy();
    refuse(socket, codeOf(error), refused);
  });
  server.on('connect', (_, socket) => refuse(socket, 'request.no-proxy', refused));
  server.on('checkExpectation', (_, response) => {
    const code = 'request.expectation';
    refused(code, {}, REFUSALS[code][2]);
    const body = JSON.stringify(problemOf(code));
    const headers = { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) };
    response.writeHead(REFUSALS[code][0], { ...headers, connection: 'close' }).end(body);
  });
  // Who asks before it sends is answered when its body is wanted: see `wantBody`.
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
}

/** Tells a sender that waits for `100 Continue` to go on. */
export function wantBody(request: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
}

function codeOf({ code }: NodeJS.ErrnoException): Code {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request.too-slow';
  return code === 'HPE_HEADER_OVERFLOW' ? 'request.headers-too-large' : 'request.malformed';
}

function refuse(socket: Duplex, code: Code, refused: Refused): void {
  const { remoteAddress } = socket as Duplex & { remoteAddress?: string };
  refused(code, { peer: remoteAddress }, REFUSALS[code][2]);
  socket.on('error', () => undefined);
  // An answer that is under way on this connection cannot be mended by another one in its middle.
  const { _httpMessage: message } = socket as Duplex & { _httpMessage?: ServerResponse };
  if (!socket.writable || message?.headersSent) return void socket.destroy();
  socket.end(answerText(code));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

function problemOf(code: Code): Problem {
  const [status, , detail] = REFUSALS[code];
  return { type: PROBLEM_TYPE_BASE + code, title: code.replace('.', ': ').replaceAll('-', ' '), status, code, detail };
}

function answerText(code: Code): string {
  const body = JSON.stringify(problemOf(code));
  const [status, reason] = REFUSALS[code];
  const headers = ['content-type: application/problem+json', `content-length: ${Buffer.byteLength(body)}`];
  return [`HTTP/1.1 ${status} ${reason}`, ...headers, 'connection: close', '', body].join('\r\n');
}
