import { LogError } from '@caravan/event-store';
import type { EventRegistry } from '@caravan/event-store';
import { checkLog, ensureLog, JetStreamEventStore } from '@caravan/event-store/jetstream';
import type { CreateLogOptions } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { waitOn } from '../lifecycle/wait-on.js';
import type { Service } from '../service/index.js';

export interface EventLogOptions {
  /** Make the log where there is none. Only one service has the permission; the others wait for it. */
  readonly create?: CreateLogOptions;
}

/** What somebody can do when JetStream does not answer. */
export const LOG_REMEDY =
  'look at the log of nats-server: is JetStream on, has it a leader, and is there room on its disk? A full disk needs a restart of it';

const RETRY_MS = 500;
/** Others say that the log is not what it must be: going on could lose events. */
const PASSING = new Set(['log.unavailable', 'log.missing', 'log.contended']);

/**
 * The log, once it is there and is what a log must be. A server that is away or a log that is not made yet is waited for, and
 * the health port says so.
 *
 * @throws LogError `log.misconfigured`, `log.server-too-old`, `log.forbidden`: the service must not start
 * @throws Ended when the service is to end before there is a log
 */
export async function openEventLog(
  nats: NatsConnection,
  registry: EventRegistry,
  { log, health, ending }: Service,
  { create }: EventLogOptions = {},
): Promise<JetStreamEventStore> {
  let trouble: string | undefined = 'the log was not looked at yet';
  const unwatch = health.watch('log', () => trouble && { says: trouble, status: 'away', remedy: LOG_REMEDY });
  for (;;) {
    try {
      await (create ? ensureLog(nats, create) : checkLog(nats));
      unwatch();
      return new JetStreamEventStore(nats, { registry });
    } catch (error) {
      if (!(error instanceof LogError) || !PASSING.has(error.code)) throw error;
      if (trouble !== error.message) log.warn({ code: error.code }, `waiting for the log: ${error.message}`);
      trouble = error.message;
      await waitOn(RETRY_MS, ending);
    }
  }
}
