import { connect } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions, Status } from '@nats-io/transport-node';
import { waitOn } from '../lifecycle/wait-on.js';
import type { Service } from '../service/index.js';
import { followCredentials } from './credential-files.js';

const REMEDY = 'start nats-server, and look at its log; the connection opens by itself';
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * Connects, however long it takes, and says in the log and in the health port what it is waiting for. Once connected the client
 * reconnects by itself.
 *
 * When its certificate, key or authorities change on disk it is made anew with those.
 *
 * @param component what the health port calls this connection
 * @param lookEveryMs how often those files are looked at
 * @throws Ended when the service is to end before there is a connection
 */
export async function openNats(
  options: NodeConnectionOptions,
  { log, health, ending }: Service,
  component = 'nats',
  lookEveryMs?: number,
): Promise<NatsConnection> {
  const where = serversOf(options);
  let trouble: string | undefined = `not yet connected to ${where}`;
  health.watch(component, () => trouble && { says: trouble, status: 'away', remedy: REMEDY, code: 'nats.away' });
  for (let delay = FIRST_RETRY_MS; ; delay = Math.min(2 * delay, LAST_RETRY_MS)) {
    try {
      const connection = await attempt(options);
      trouble = undefined;
      log.info({ component, server: connection.getServer() }, 'connected to NATS');
      void follow(connection, (status) => {
        noteLoss(connection, status);
        trouble = troubleAfter(status, trouble, where);
        logStatus(status, component, log);
      });
      renewWithFiles(connection, options, { log, component, lookEveryMs });
      return connection;
    } catch (error) {
      const says = `no connection to ${where}: ${(error as Error).message}`;
      if (says !== trouble) log.warn({ component, err: error }, `${says}; trying on`);
      trouble = says;
      await waitOn(delay, ending);
    }
  }
}

function renewWithFiles(
  connection: NatsConnection,
  { tls }: NodeConnectionOptions,
  { log, component, lookEveryMs }: Pick<Service, 'log'> & { component: string; lookEveryMs: number | undefined },
): void {
  if (!tls) return;
  const stop = followCredentials(tls, {
    changed: () => {
      // Who hands over its last messages takes no other credentials.
      if (connection.isClosed() || connection.isDraining()) return;
      log.info({ component }, 'credentials changed on disk; connecting anew with them');
      void connection.reconnect();
    },
    problem: (error) =>
      log.error({ component, err: error }, 'credentials on disk do not fit together; those in use are kept'),
    ...(lookEveryMs !== undefined && { everyMs: lookEveryMs }),
  });
  void connection.closed().finally(stop);
}

/**
 * `waitOnFirstConnect` would never say why it waits, and without it the client forgets every server that was down at first. So
 * with several servers one connection finds out whether any answers, and the one that stays keeps them all.
 */
async function attempt(options: NodeConnectionOptions): Promise<NatsConnection> {
  if ([options.servers ?? []].flat().length <= 1) return connect(options);
  const probe = await connect(options);
  await probe.close();
  return connect({ ...options, waitOnFirstConnect: true });
}

async function follow(connection: NatsConnection, each: (status: Status) => void): Promise<void> {
  for await (const status of connection.status()) each(status);
}

function troubleAfter(status: Status, before: string | undefined, where: string): string | undefined {
  switch (status.type) {
    case 'disconnect':
      return `the connection to ${where} is lost; reconnecting`;
    case 'reconnect':
      return undefined;
    case 'close':
      return `the connection to ${where} is closed`;
    default:
      return before;
  }
}

function logStatus(status: Status, component: string, log: Service['log']): void {
  switch (status.type) {
    case 'error':
      // A publish or subscription that the server did not permit comes only this way.
      return log.error({ component, err: status.error }, 'NATS refused');
    case 'disconnect':
      return log.warn({ component, server: status.server }, 'NATS connection lost');
    case 'reconnect':
      return log.info({ component, server: status.server }, 'NATS connection is back');
    case 'staleConnection':
    case 'slowConsumer':
      return log.warn({ component }, `NATS says ${status.type}`);
    default:
      return log.debug({ component }, `NATS says ${status.type}`);
  }
}

const lost = new WeakSet<NatsConnection>();

/** Whether a connection that `openNats` made has no server now: nothing can be sent, and nothing waits for an answer. */
export const isLost = (connection: NatsConnection): boolean => lost.has(connection) || connection.isClosed();

function noteLoss(connection: NatsConnection, { type }: Status): void {
  if (type === 'disconnect') lost.add(connection);
  else if (type === 'reconnect') lost.delete(connection);
}

/** Hosts only: a URL may carry credentials. */
const serversOf = ({ servers }: NodeConnectionOptions): string =>
  [servers ?? '127.0.0.1:4222']
    .flat()
    .map((server) => server.replace(/^[a-z]+:\/\//, '').replace(/^[^@]*@/, ''))
    .join(', ');
