import { setTimeout as pause } from 'node:timers/promises';
import { LoggedChild } from '../processes/index.js';
import type { Exit, ProcessSpec } from '../processes/index.js';
import { postgresProcess } from './postgres-process.js';
import type { PostgresOptions, PostgresProcess } from './postgres-process.js';

/** A running PostgreSQL on loopback. */
export interface PostgresServer extends Omit<PostgresProcess, 'spec'> {
  readonly pid: number;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Fast shutdown. */
  stop(): Promise<Exit>;
  /** `kill -9`. */
  kill(): Promise<Exit>;
}

const LEFT_OVER = /pre-existing shared memory block/; // processes of a server that was killed, a moment from their end

async function comeUp(spec: ProcessSpec, options: PostgresOptions): Promise<LoggedChild> {
  const pidFile = `${options.dataDir}.pid`;
  for (let attempt = 1; ; attempt++) {
    const child = await LoggedChild.start({ ...spec, logFile: options.logFile, pidFile });
    try {
      await child.waitForLine(spec.ready as RegExp, spec.readyWithinMs!);
      return child;
    } catch (error) {
      await child.kill();
      if (attempt === 50 || !LEFT_OVER.test(child.output())) throw error;
      await pause(100);
    }
  }
}

/** Starts one embedded PostgreSQL, without restarts, and waits until it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { spec, ...reach } = await postgresProcess(options);
  const child = await comeUp(spec, options);
  return {
    ...reach,
    pid: child.pid!,
    host: '127.0.0.1',
    port: options.port,
    logFile: options.logFile,
    exited: child.exited,
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}
