import type { Server } from 'node:http';
import { totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { rm } from 'node:fs/promises';
import { ControlProblem } from './control/problem.js';
import { controlServer } from './control/control-server.js';
import { takeHandOver } from './control/hand-over.js';
import { listenPrivately } from './control/control-socket.js';
import { listenOnLoopback, metricsServer } from './control/metrics-server.js';
import { Observers } from './control/observers.js';
import { Counters } from './counters.js';
import { productionSizes, productionTiming } from './limits.js';
import { processLog } from './log.js';
import { Relay } from './relay.js';
import { readSettings } from './settings.js';
import { Refusal } from './tunnels/refusal.js';

const log = processLog();
const counters = new Counters();

// A relay carries for many; an error that nobody expected in one stream must not end the others. Each is a bug, and counted.
process.on('uncaughtException', (error) => {
  counters.add('caravan_relay_faults_total', 'exception');
  log.error({ err: error }, 'unexpected error');
});
process.on('unhandledRejection', (reason) => {
  counters.add('caravan_relay_faults_total', 'rejection');
  log.error({ err: reason }, 'unexpected rejection');
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { socket: { type: 'string' } } });
  if (!values.socket) throw new Error('usage: relay --socket <path of a Unix socket>');
  const path = values.socket;
  // A container's bound, where there is one; without one Node says 0, or more than there is.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const { budget, metricsPort, trustLeadMs } = readSettings(process.env, memory);
  const observers = new Observers(() => relay.observe(), productionTiming.observationDebounceMs);
  const sizes = { ...productionSizes, budget };
  const timing = { ...productionTiming, trustLeadMs };
  const relay = new Relay({ log, counters, timing, sizes, changed: () => observers.changed() });
  const metrics = (): string => counters.text(relay.gauges());
  const server = controlServer({
    log,
    counters,
    observers,
    apply: (configuration) => relay.apply(configuration),
    observe: () => relay.observe(),
    connections: (id) => relay.connections(id),
    metrics,
    tunnel: (socket, agreed) => relay.openControl(socket, agreed).catch(asProblem),
  });
  // Before anything is awaited: the message may be there already. Taken when it is certain that no other relay runs here.
  const handedOver = new Promise<unknown>((resolve) => process.once('message', resolve));
  await listenPrivately(server, path);
  void handedOver.then((message) => {
    const isConfigured = (): boolean => relay.isConfigured;
    takeHandOver(message, { log, counters, isConfigured, apply: (configuration) => relay.apply(configuration) });
  });
  const metricsOnLoopback = metricsPort === undefined ? undefined : await tellMetrics(metricsPort, metrics);
  log.info({ socket: path, pid: process.pid }, 'waiting for a configuration');
  const stop = (why: string): void => {
    log.info({ why }, 'stopping');
    relay.close();
    observers.close();
    for (const each of [server, metricsOnLoopback]) {
      each?.close();
      each?.closeAllConnections();
    }
    void rm(path, { force: true }).finally(() => process.exit(0));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  if (process.env['CARAVAN_PARENT'] === 'stdin') {
    // Whoever started this process holds the other end; a killed parent closes it too.
    process.stdin.resume().once('close', () => stop('the parent has gone'));
  }
}

/** Traffic does not depend on it: a port that is taken is said, and nothing more. */
async function tellMetrics(port: number, text: () => string): Promise<Server> {
  const server = metricsServer(text);
  await listenOnLoopback(server, port).then(
    () => log.info({ port }, 'metrics on loopback'),
    (error: unknown) =>
      log.error({ err: error }, 'no metrics: free that port or name another in CARAVAN_RELAY_METRICS_PORT'),
  );
  return server;
}

function asProblem(error: unknown): never {
  const { code, detail } = Refusal.from(error);
  throw new ControlProblem('control.unreachable', `${code}: ${detail}`);
}

main().catch((error: unknown) => {
  log.error({ err: error }, 'cannot start');
  process.exit(1);
});
