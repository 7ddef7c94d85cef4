import type { Server } from 'node:http';
import { createServer } from 'node:http';

export const METRICS_TYPE = { 'content-type': 'text/plain; version=0.0.4' };

/** Nobody but a collector on this machine has business here. */
const LOOPBACK = '127.0.0.1';
const CONNECTIONS = 16;

/**
 * `GET /metrics` for a Prometheus on the same machine, where an operator asked for it. It tells numbers and no names. A browser
 * that some page sends here names another host, and gets nothing.
 */
export function metricsServer(text: () => string): Server {
  const server = createServer(
    {
      maxHeaderSize: 4_096,
      headersTimeout: 2_000,
      requestTimeout: 2_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      // A body is not wanted, and what is not read must not pass for the next request.
      const hasBody =
        request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
      const answer = (status: number, body: string): void => {
        const more = status === 200 ? METRICS_TYPE : { 'content-type': 'text/plain', connection: 'close' };
        response.writeHead(status, { ...more, 'content-length': Buffer.byteLength(body) }).end(body);
      };
      if (hasBody) return answer(413, 'no body is taken\n');
      if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return answer(421, 'not this host\n');
      if (request.method !== 'GET') return answer(405, 'GET /metrics\n');
      if (request.url !== '/metrics') return answer(404, 'GET /metrics\n');
      answer(200, text());
    },
  );
  server.maxConnections = CONNECTIONS;
  return server;
}

/** Rejects with words for people. */
export function listenOnLoopback(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ message }) => reject(new Error(`cannot tell metrics on ${LOOPBACK}:${port}: ${message}`)));
    server.listen(port, LOOPBACK, resolve);
  });
}
