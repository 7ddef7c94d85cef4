import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoggedChild } from '../processes/index.js';
import type { Exit, ProcessSpec } from '../processes/index.js';

export interface NatsServerOptions {
  /** The program, as `findNatsServer` found it. */
  readonly bin: string;
  /** The text of its configuration file (see `renderNatsConfig`); written to `<dir>/nats-server.conf`, 0600. */
  readonly config: string;
  readonly dir: string;
}

/** A running nats-server. Ports are those it listens on, also where the configuration said -1 (any). */
export interface NatsServer {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly monitorPort: number | undefined;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Flushes and ends; killed after eight seconds. */
  stop(): Promise<Exit>;
  /** `kill -9`. */
  kill(): Promise<Exit>;
}

const CLIENTS = /Listening for client connections on (\S+):(\d+)/;
const MONITOR = /Starting https? monitor on \S+:(\d+)/;
const READY_WITHIN_MS = 60_000; // a large store is read before it is ready

/** Writes the configuration and says how to run the server: for `ProcessGroup.start`, which keeps it running. */
export function natsServerProcess({ bin, config, dir }: NatsServerOptions): ProcessSpec {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, 'nats-server.conf');
  writeFileSync(file, config, { mode: 0o600 });
  return {
    name: 'nats-server',
    command: bin,
    args: ['-c', file],
    cwd: dir,
    ready: /Server is ready/,
    readyWithinMs: READY_WITHIN_MS,
  };
}

/** Starts one nats-server, without restarts, and waits until it answers. Throws with its last log lines otherwise. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const logFile = join(options.dir, 'nats-server.log');
  const pidFile = join(options.dir, 'nats-server.pid');
  const child = await LoggedChild.start({ ...natsServerProcess(options), logFile, pidFile });
  try {
    await child.waitForLine(/Server is ready/, READY_WITHIN_MS);
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
    logFile,
    exited: child.exited,
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}
