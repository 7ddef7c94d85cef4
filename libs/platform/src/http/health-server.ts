import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Health } from '../health/index.js';
import type { Service } from '../service/index.js';
import { limitConnections } from './connection-limits.js';
import { RequestRefusals } from './request-refusals.js';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/healthz` (the process answers), `/readyz` (it can do its work; 503 and the reasons when not; in both cases all that is not
 * as it should be, since when, and what to do) and `/metrics`. On loopback only: what it tells is for whoever runs the machine.
 * It starts before anything else, so that a service which waits for its database says so.
 */
export async function serveHealth(
  service: Pick<Service, 'health' | 'metrics' | 'log'>,
  port: number,
): Promise<HealthServer> {
  const { health, metrics } = service;
  const server = createServer((request, response) => {
    // Nobody here wants a body, so none is waited for.
    if (hasBody(request)) response.shouldKeepAlive = false;
    answer(request.url ?? '', response, health, metrics).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else json(response, 500, { status: `cannot be told: ${(error as Error).message}` });
    });
  });
  const refusals = new RequestRefusals(service);
  limitConnections(server, (...about) => refusals.note(...about), LIMITS);
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const LIMITS = { headersMs: 5_000, requestMs: 5_000, checkMs: 1_000, connections: 256 };

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

async function answer(url: string, response: ServerResponse, health: Health, metrics: Registry): Promise<void> {
  switch (url.split('?')[0]) {
    case '/healthz':
      return json(response, 200, { status: 'alive' });
    case '/readyz': {
      const troubles = health.troubles();
      const wrong = health.conditions().filter(({ status }) => status !== 'ok');
      const conditions = wrong.length > 0 && { conditions: wrong };
      return troubles.length === 0
        ? json(response, 200, { status: 'ready', ...conditions })
        : json(response, 503, { status: 'not ready', troubles, ...conditions });
    }
    case '/metrics': {
      const text = await metrics.metrics();
      response.writeHead(200, { 'content-type': metrics.contentType });
      response.end(text);
      return;
    }
    default:
      return json(response, 404, { status: 'there is /healthz, /readyz and /metrics' });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
