import type { z } from 'zod';
import { ConfigurationError, readConfig } from '../config/index.js';
import type { ProcessVariables } from '../config/index.js';
import { Health } from '../health/index.js';
import { serveHealth } from '../http/health-server.js';
import { createLog } from '../logging/index.js';
import type { Log } from '../logging/index.js';
import { createMetrics } from '../metrics/index.js';
import type { Service } from '../service/index.js';
import { endOf } from './endings.js';

/** A started service. `close` finishes what is in hand and lets go of everything. */
export interface Running {
  close(): Promise<unknown>;
}

export interface ServiceDefinition<Config extends ProcessVariables> {
  readonly name: string;
  /** `z.object({ ...processVariables, ... })` */
  readonly variables: z.ZodType<Config>;
  start(config: Config, service: Service): Promise<Running>;
}

/** Whoever stops us waits ten seconds before it kills. */
const CLOSE_WITHIN_MS = 8_000;
const EX_SOFTWARE = 70;
const LOOK_EVERY_MS = 1_000;

/**
 * The whole life of a process: configuration, log, health port, start, and an end on SIGTERM, SIGINT or the parent's end.
 * Exit codes: 0 asked to end; 78 wrong configuration; 70 it could not start, something threw that nobody caught, or it did not
 * end in time. Crashing loses nothing here, so what is not understood ends loudly instead of limping on.
 */
export async function runService<Config extends ProcessVariables>(
  definition: ServiceDefinition<Config>,
): Promise<void> {
  const config = configurationOf(definition);
  const log = createLog(definition.name, config.LOG_LEVEL);
  dieLoudly(log);
  const ending = endOf(config);
  let running: Running | undefined;
  const ended = new AbortController();
  void ending.then((why) => {
    ended.abort();
    return stop(why, running, log);
  });

  const service: Service = {
    name: definition.name,
    log,
    health: new Health(),
    metrics: createMetrics(definition.name),
    ending: ended.signal,
  };
  setInterval(() => service.health.conditions(), LOOK_EVERY_MS).unref(); // so that it knows since when
  try {
    if (config.HEALTH_PORT !== undefined) {
      const { port } = await serveHealth(service, config.HEALTH_PORT);
      log.info({ port }, 'health port open');
    }
    running = await definition.start(config, service);
    log.info('started');
  } catch (error) {
    const code = exitCodeOf(error);
    log.fatal({ err: error }, `${definition.name} cannot start: ${(error as Error).message}`);
    process.exit(code);
  }
}

function configurationOf<Config extends ProcessVariables>(definition: ServiceDefinition<Config>): Config {
  try {
    return readConfig(definition.variables);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // There is no log yet: its level is one of the variables.
    const many = error.wrong.length === 1 ? 'one variable is' : `${error.wrong.length} variables are`;
    process.stderr.write(`${definition.name} cannot start, ${many} wrong:\n${error.message.replace(/^/gm, '  ')}\n`);
    process.exit(error.exitCode);
  }
}

async function stop(why: string, running: Running | undefined, log: Log): Promise<void> {
  log.info({ why }, 'ending');
  if (!running) process.exit(0);
  setTimeout(() => {
    log.fatal(`not ended after ${CLOSE_WITHIN_MS} ms`);
    process.exit(EX_SOFTWARE);
  }, CLOSE_WITHIN_MS).unref();
  try {
    await running.close();
    log.info('ended');
    process.exit(0);
  } catch (error) {
    log.fatal({ err: error }, 'not ended cleanly');
    process.exit(EX_SOFTWARE);
  }
}

function dieLoudly(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal(
        { err: error },
        event === 'uncaughtException' ? 'an exception was not caught' : 'a rejection was not handled',
      );
      process.exit(EX_SOFTWARE);
    });
  }
}

function exitCodeOf(error: unknown): number {
  const code = (error as { exitCode?: unknown } | null)?.exitCode;
  return typeof code === 'number' ? code : EX_SOFTWARE;
}
