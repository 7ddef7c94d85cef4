import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoggedChild } from '../processes/index.js';
import type { Exit } from '../processes/index.js';

export interface NatsServerOptions {
  /** The program, as `findNatsServer` found it. */
  readonly bin: string;
  /** The text of its configuration file (see `renderNatsConfig`); written to `<dir>/nats-server.conf`, 0600. */
  readonly config: string;
  readonly dir: string;
  /** Default `<dir>/nats-server.log`. */
  readonly logFile?: string;
  readonly readyWithinMs?: number;
}

/** A running nats-server. Ports are those it listens on, also where the configuration said -1 (any). */
export interface NatsServer {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly monitorPort: number | undefined;
  readonly configFile: string;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Flushes and ends; killed after eight seconds. */
  stop(): Promise<Exit>;
  /** `kill -9`. */
  kill(): Promise<Exit>;
}

const CLIENTS = /Listening for client connections on (\S+):(\d+)/;
const MONITOR = /Starting https? monitor on \S+:(\d+)/;

/** Starts nats-server and waits until it answers. Throws with its last log lines when it does not come up. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { bin, dir, config } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const configFile = join(dir, 'nats-server.conf');
  writeFileSync(configFile, config, { mode: 0o600 });
  const logFile = options.logFile ?? join(dir, 'nats-server.log');
  const child = LoggedChild.spawn({ name: 'nats-server', command: bin, args: ['-c', configFile], cwd: dir, logFile });
  try {
    await child.waitForLine(/Server is ready/, options.readyWithinMs ?? 30_000);
  } catch (error) {
    await child.kill();
    throw error;
  }
  const output = child.output();
  const clients = CLIENTS.exec(output);
  const monitor = MONITOR.exec(output);
  if (child.pid === undefined || !clients) throw child.failure('is ready but does not say where it listens');
  return {
    pid: child.pid,
    host: clients[1] ?? '',
    port: Number(clients[2]),
    monitorPort: monitor ? Number(monitor[1]) : undefined,
    configFile,
    logFile,
    exited: child.exited,
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}
