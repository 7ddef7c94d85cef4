import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Configuration, Connection, Observation } from '@caravan/data-plane';
import { CONTROL_ADDRESS } from '@caravan/data-plane';
import { relayPaths } from '@caravan/data-plane/relay';
import { killPoint } from '@caravan/kill-points';
import type { Counters } from '../counters.js';
import { limits } from '../limits.js';
import type { Log } from '../log.js';
import { jsonBody } from './body.js';
import type { Observers } from './observers.js';
import { answerProblem, ControlProblem, problemText } from './problem.js';
import { readConfiguration } from './read-configuration.js';

export interface ControlDeps {
  readonly log: Log;
  readonly counters: Counters;
  readonly apply: (configuration: Configuration) => void;
  readonly observe: () => Observation;
  readonly observers: Observers;
  readonly connections: (id?: string) => Connection[];
  readonly metrics: () => string;
  /** Joins a socket to the management plane; rejects with `Refusal`. `agreed` is called before the first byte. */
  readonly tunnel: (socket: Duplex, agreed: () => void) => Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

/** The control API (libs/data-plane, relay-client/protocol.ts). Whoever can open the socket is the site's own user. */
export function controlServer(deps: ControlDeps): Server {
  const routes = handlers(deps);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16_384 });
  const refuse = (error: unknown): ControlProblem => {
    const problem = ControlProblem.from(error);
    deps.counters.add('caravan_relay_control_refused_total', problem.code);
    if (problem.code === 'control.unexpected') deps.log.error({ err: error }, 'control request failed');
    else deps.log.warn({ code: problem.code, detail: problem.detail }, 'control request refused');
    return problem;
  };
  server.on('request', (request, response) => {
    response.on('error', () => undefined);
    void (async () => {
      try {
        const url = new URL(request.url ?? '/', 'http://relay');
        await handlerFor(routes, request.method ?? '', url)(request, response, url);
      } catch (error) {
        answerProblem(response, refuse(error));
      }
    })();
  });
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => undefined);
    void (async () => {
      try {
        if (request.url !== CONTROL_ADDRESS) throw new ControlProblem('control.not-found', 'only caravan.control');
        if (head.length > 0) socket.unshift(head);
        await deps.tunnel(socket, () => void socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      } catch (error) {
        socket.end(problemText(refuse(error)));
      }
    })();
  });
  server.on('clientError', (_error, socket) => {
    const problem = refuse(new ControlProblem('control.malformed'));
    if (socket.writable) socket.end(problemText(problem));
    else socket.destroy();
  });
  return server;
}

function handlers(deps: ControlDeps): Map<string, Map<string, Handler>> {
  const json = (response: ServerResponse, value: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  return new Map<string, Map<string, Handler>>([
    [relayPaths.configuration, new Map([['PUT', (request, response) => putConfiguration(deps, request, response)]])],
    [relayPaths.observation, new Map([['GET', (_, response) => json(response, deps.observe())]])],
    [
      relayPaths.observations,
      new Map([
        [
          'GET',
          (_, response) => {
            response.writeHead(200, { 'content-type': 'application/x-ndjson' });
            deps.observers.add(response);
          },
        ],
      ]),
    ],
    [
      relayPaths.connections,
      new Map([
        ['GET', (_, response, url) => json(response, deps.connections(url.searchParams.get('id') ?? undefined))],
      ]),
    ],
    [
      relayPaths.metrics,
      new Map([['GET', (_, response) => void response.writeHead(200, METRICS_TYPE).end(deps.metrics())]]),
    ],
  ]);
}

const METRICS_TYPE = { 'content-type': 'text/plain; version=0.0.4' };

function handlerFor(routes: Map<string, Map<string, Handler>>, method: string, { pathname }: URL): Handler {
  const methods = routes.get(pathname);
  if (!methods) throw new ControlProblem('control.not-found', pathname);
  const handler = methods.get(method);
  if (!handler) throw new ControlProblem('control.method', `${[...methods.keys()].join(', ')} is possible`);
  return handler;
}

async function putConfiguration(deps: ControlDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const configuration = readConfiguration(await jsonBody(request, limits.configurationBytes));
  if (killPoint) await killPoint('configuration.received', configuration.siteId);
  deps.apply(configuration);
  if (killPoint) await killPoint('configuration.applied', configuration.siteId);
  response.writeHead(204).end();
}
