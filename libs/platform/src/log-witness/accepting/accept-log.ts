import { describeDivergence } from '@caravan/event-store';
import { PostgresWitnessLedger } from '@caravan/event-store/postgres';
import type { WitnessLedger } from '@caravan/event-store';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { z } from 'zod';
import { systemClock } from '../../clock/index.js';
import {
  ConfigurationError,
  natsVariables,
  postgresVariables,
  processVariables,
  readConfig,
} from '../../config/index.js';
import { Health } from '../../health/index.js';
import { Ended } from '../../lifecycle/index.js';
import { createLog } from '../../logging/index.js';
import { createMetrics } from '../../metrics/index.js';
import { natsOptions } from '../../nats/index.js';
import { openDataSource, poolOf } from '../../postgres/index.js';
import type { Database } from '../../postgres/index.js';
import { acceptArguments, USAGE } from './arguments.js';
import type { AcceptArguments } from './arguments.js';
import { EMPTY, surveyLog } from './survey-log.js';
import type { Survey } from './survey-log.js';

export interface AcceptLog {
  /** The service whose witness is told. */
  readonly name: string;
  readonly database: Database;
  /** What the service does about a log that lost something; says in words what it did. */
  readonly accepted?: (pool: Pool) => Promise<string>;
}

const variables = z.object({ ...processVariables, ...natsVariables, ...postgresVariables });
const CONNECT_WITHIN_MS = 10_000;

/**
 * `accept-log`, for an operator on the machine: what this service's witness remembers is brought in line with a log that is not
 * the one it saw, and it is remembered who did so and why. Nothing is done without the right end of the log in the arguments.
 * Exit code 0, 78 for what the caller can mend, 70 for the rest.
 */
export async function runAcceptLog(service: AcceptLog, argv: readonly string[]): Promise<void> {
  try {
    process.stdout.write(await acceptLog(service, argv, process.env));
  } catch (error) {
    const mendable = error instanceof ConfigurationError;
    process.stderr.write(`accept-log: ${(error as Error).message}\n`);
    if (mendable) process.stderr.write(`\n${USAGE}`);
    process.exitCode = mendable ? error.exitCode : 70;
  }
}

/** What it prints. */
export async function acceptLog(
  { name, database, accepted }: AcceptLog,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const wanted = acceptArguments(argv);
  const config = readConfig(variables, environment);
  const log = createLog(name, 'error');
  const ending = AbortSignal.timeout(CONNECT_WITHIN_MS);
  const service = { name, log, health: new Health(), metrics: createMetrics(name), ending };
  const source = await openDataSource(config, database, service).catch((error: unknown) => {
    if (!(error instanceof Ended)) throw error;
    throw new Error(
      `PostgreSQL does not answer within ${CONNECT_WITHIN_MS / 1_000} s: is it running where DATABASE_URL says?`,
    );
  });
  try {
    const nc = await connect({ ...natsOptions(config, name), reconnect: false, timeout: CONNECT_WITHIN_MS });
    try {
      const ledger = new PostgresWitnessLedger(poolOf(source));
      if (!wanted) return await report(nc, ledger);
      return await accept(nc, ledger, wanted, async () => accepted?.(poolOf(source)));
    } finally {
      await nc.close();
    }
  } finally {
    await source.destroy();
  }
}

const AFTERWARDS = `Do the same for every service that writes to the log, restart them, and then: caravan admin rebuild-projections
`;

async function report(nc: NatsConnection, ledger: WitnessLedger): Promise<string> {
  const alarm = await ledger.openAlarm();
  const { end, commitHash, sameUpTo, divergence } = await survey(nc, ledger);
  const about = `The log ends at position ${end}; the hash of the entry there is ${commitHash}.\n`;
  if (!divergence && !alarm)
    return `${about}It is what was witnessed up to position ${sameUpTo}: there is nothing to accept.\n`;
  const wrong = divergence ? `Wrong with it: ${describeDivergence(divergence)}.\n` : `It is what was witnessed.\n`;
  const open = alarm ? `The alarm of ${alarm.raisedAt.toISOString()}: ${alarm.says}.\n` : '';
  return `${about}${open}${wrong}What was witnessed up to position ${sameUpTo} holds.

Better than to accept it is to restore the log that was there. What is accepted is as if the rest had never been, though sites and
certificates may know of it. To accept it nevertheless:

  accept-log --sequence ${end} --hash ${commitHash} --by <who> --reason <why>
`;
}

async function accept(
  nc: NatsConnection,
  ledger: WitnessLedger,
  wanted: AcceptArguments,
  accepted: () => Promise<string | undefined>,
): Promise<string> {
  const { end, commitHash, chain, sameUpTo } = await survey(nc, ledger);
  if (end !== wanted.sequence || commitHash !== wanted.commitHash) {
    throw new Error(
      `the log ends at position ${end} with hash ${commitHash}, not as it was given: look again (accept-log without arguments)`,
    );
  }
  // First: should it fail, nothing is accepted, and it may be done twice.
  const also = await accepted();
  const dropped = await ledger.accept(wanted, sameUpTo);
  if (commitHash !== EMPTY) await ledger.add([{ sequence: end, chain, commitHash, at: systemClock.now() }]);
  const told = `Accepted. ${dropped} checkpoints behind position ${sameUpTo} were dropped; the log is witnessed up to ${end}.\n`;
  return `${told}${also === undefined ? '' : `${also}\n`}${AFTERWARDS}`;
}

async function survey(nc: NatsConnection, ledger: WitnessLedger): Promise<Survey> {
  const last = await ledger.last();
  return surveyLog(nc, await ledger.between(0, last?.sequence ?? 0));
}
