import { join } from 'node:path';
import { findNatsServer, startNatsServer } from '@caravan/installation';
import type { FoundNatsServer, NatsServer } from '@caravan/installation';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { freePort } from '../ports.js';
import { cacheDirectory, temporaryDirectory } from './workspace.js';

export interface LaunchNatsOptions {
  /** With JetStream, stored in `storeDir`. Default false. */
  readonly jetstream?: boolean;
  /** More configuration text: accounts, TLS, authorization, ... but no listen, http or jetstream block. */
  readonly config?: string;
}

/** A real nats-server in a directory of its own. Everything survives `restart()`, the port as well. */
export interface TestNats {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly monitorUrl: string;
  readonly pid: number;
  readonly dir: string;
  readonly storeDir: string;
  readonly logFile: string;
  /** A client of this server; closed by `stop()`. */
  connect(options?: NodeConnectionOptions): Promise<NatsConnection>;
  /** Starts it again, after `kill()` or instead of it, on the same data and port; `config` replaces the text given at first. */
  restart(config?: string): Promise<void>;
  /** Ends it in good order; `restart()` starts it again. */
  end(): Promise<void>;
  /** `kill -9`: what was not on disk is gone. */
  kill(): Promise<void>;
  /** Closes the clients, stops the server, removes its directory. */
  stop(): Promise<void>;
}

let found: Promise<FoundNatsServer> | undefined;

/** The nats-server that tests use, found (and fetched if need be) once. */
export const natsServerBin = async (): Promise<string> =>
  (await (found ??= findNatsServer({ cacheDir: cacheDirectory() }))).path;

function configText(options: LaunchNatsOptions, storeDir: string, ports: { client: number; monitor: number }): string {
  const jetstream = `jetstream { store_dir: ${JSON.stringify(storeDir)}, sync_interval: always }`;
  return [
    `server_name: test`,
    `listen: "127.0.0.1:${ports.client}"`,
    `http: "127.0.0.1:${ports.monitor}"`,
    options.jetstream ? jetstream : '',
    options.config ?? '',
    '',
  ].join('\n');
}

/** Starts a real nats-server for a test, in some 50 ms. `useNats()` does it for a whole spec file. */
export async function launchNats(options: LaunchNatsOptions = {}): Promise<TestNats> {
  const bin = await natsServerBin();
  const { dir, remove } = temporaryDirectory('nats');
  const storeDir = join(dir, 'jetstream');
  const clients = new Set<NatsConnection>();
  const start = (config: LaunchNatsOptions, client: number, monitor: number): Promise<NatsServer> =>
    startNatsServer({ bin, dir, config: configText(config, storeDir, { client, monitor }) });
  let server: NatsServer;
  try {
    server = await start(options, await freePort(), await freePort());
  } catch (error) {
    remove();
    throw error;
  }
  const { host, port } = server;
  const monitor = server.monitorPort ?? -1;
  let current = options;
  return {
    url: `nats://${host}:${port}`,
    host,
    port,
    monitorUrl: `http://${host}:${monitor}`,
    get pid() {
      return server.pid;
    },
    dir,
    storeDir,
    logFile: server.logFile,
    async connect(more = {}) {
      const connection = await connect({ servers: `${host}:${port}`, ...more });
      clients.add(connection);
      return connection;
    },
    async restart(config) {
      if (config !== undefined) current = { ...current, config };
      await server.stop();
      server = await start(current, port, monitor);
    },
    async end() {
      await server.stop();
    },
    async kill() {
      await server.kill();
    },
    async stop() {
      await Promise.all([...clients].map((client) => client.close()));
      await server.stop();
      remove();
    },
  };
}
