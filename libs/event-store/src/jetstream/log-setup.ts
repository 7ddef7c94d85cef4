import { DiscardPolicy, JetStreamApiError, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/nats-core';
import { LOG_SUBJECTS } from '@caravan/events';
import { MAX_COMMIT_BYTES } from '../commit-bytes.js';
import { LogError } from '../rejection.js';
import { isMissingStream, logFailure } from './failures.js';

/** The one JetStream stream that holds the whole log. */
export const LOG_STREAM = 'CARAVAN';

/** Older servers lose messages or let other accounts in. For production 2.12.7 or newer, 2.14 or newer is advised. */
export const OLDEST_SERVER = '2.10.27';

const DUPLICATE_WINDOW_MS = 120_000;

export interface CreateLogOptions {
  /** 3 in production, on a cluster of three servers or more. Default 1. */
  readonly replicas?: number;
  /** For how long the server itself recognises a resent command; later ones are recognised by reading. Default 2 minutes. */
  readonly duplicateWindowMs?: number;
}

/**
 * What a log must be, and why: on disk; nothing may be taken out of it, by nobody (`deny_*`, no rollups, no limits, no expiry);
 * full means refused, not forgotten (`discard: new`); nothing flows in or out but by its subjects.
 */
const REQUIRED = {
  subjects: [LOG_SUBJECTS],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  deny_delete: true,
  deny_purge: true,
  allow_rollup_hdrs: false,
  max_age: 0,
  max_bytes: -1,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  max_msg_size: -1,
  allow_direct: true,
  no_ack: false,
  sealed: false,
} as const satisfies Partial<StreamConfig>;

const ABSENT = ['mirror', 'sources', 'subject_transform', 'republish', 'allow_msg_ttl', 'persist_mode'] as const;

/**
 * Makes the log where there is none; needs permission to create streams.
 * @throws LogError `log.server-too-old`; `log.misconfigured` when a stream with other settings is there already.
 */
export async function createLog(
  nc: NatsConnection,
  { replicas = 1, duplicateWindowMs = DUPLICATE_WINDOW_MS }: CreateLogOptions = {},
): Promise<void> {
  checkServer(nc);
  const { streams } = await jetstreamManager(nc, { checkAPI: false });
  try {
    await streams.add({
      name: LOG_STREAM,
      ...REQUIRED,
      subjects: [LOG_SUBJECTS],
      num_replicas: replicas,
      duplicate_window: nanos(duplicateWindowMs),
    });
  } catch (error) {
    const inUse = error instanceof JetStreamApiError && error.code === 10058;
    if (!inUse) throw logFailure(error, 'create the log');
  }
  await checkLog(nc);
}

/**
 * Refuses a server or a stream that would lose or forget events. For services: needs no permission to create anything.
 * `sync_interval: always` cannot be seen from here: it is the server's configuration.
 * @throws LogError `log.server-too-old`, `log.missing`, `log.misconfigured`, `log.unavailable`.
 */
export async function checkLog(nc: NatsConnection): Promise<void> {
  checkServer(nc);
  const { streams } = await jetstreamManager(nc, { checkAPI: false });
  let info: StreamInfo;
  try {
    info = await streams.info(LOG_STREAM);
  } catch (error) {
    if (!isMissingStream(error)) throw logFailure(error, 'look at the log');
    throw new LogError('log.missing', `${where(nc)} has no stream ${LOG_STREAM}: create the log first`);
  }
  const wrong = differences(info.config);
  if (wrong.length > 0) {
    throw new LogError(
      'log.misconfigured',
      `the stream ${LOG_STREAM} on ${where(nc)} may lose events: ${wrong.join('; ')}. Set it with \`nats stream edit\`, ` +
        `or give Caravan an account of its own`,
      { wrong },
    );
  }
}

/** `createLog` where there is none yet, else `checkLog`. */
export async function ensureLog(nc: NatsConnection, options: CreateLogOptions = {}): Promise<void> {
  try {
    await checkLog(nc);
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'log.missing') throw error;
    await createLog(nc, options);
  }
}

const where = (nc: NatsConnection): string => nc.getServer();

function checkServer(nc: NatsConnection): void {
  const { version = 'unknown', max_payload = 0 } = nc.info ?? {};
  if (!isAtLeast(version, OLDEST_SERVER)) {
    throw new LogError(
      'log.server-too-old',
      `the nats-server at ${where(nc)} is ${version}: at least ${OLDEST_SERVER} is needed, 2.12.7 or 2.14 is advised`,
      { version, oldest: OLDEST_SERVER },
    );
  }
  const needed = MAX_COMMIT_BYTES + 10_000; // headers
  if (max_payload < needed) {
    throw new LogError(
      'log.misconfigured',
      `the nats-server at ${where(nc)} takes messages of ${max_payload} bytes: set max_payload to ${needed} or more`,
      { max_payload, needed },
    );
  }
}

/** Whether a version is not older than another. A version that cannot be read is. Pre-releases count as their release. */
export function isAtLeast(version: string, oldest: string): boolean {
  const numbers = (text: string) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [mine, least] = [numbers(version), numbers(oldest)];
  if (!mine || !least) return false;
  const differing = mine.findIndex((number, index) => number !== least[index]);
  return differing === -1 || mine[differing]! > least[differing]!;
}

function differences(config: StreamConfig): string[] {
  const seen = config as unknown as Record<string, unknown>;
  const text = (value: unknown) => JSON.stringify(value) ?? 'not set';
  const wrong = Object.entries(REQUIRED)
    .filter(([name, value]) => text(seen[name] ?? (value === false ? false : undefined)) !== text(value))
    .map(([name, value]) => `${name} is ${text(seen[name])}, not ${text(value)}`);
  const tooMuch = ABSENT.filter((name) => isSet(seen[name])).map((name) => `${name} is set`);
  const short = config.duplicate_window > 0 ? [] : ['duplicate_window is 0'];
  return [...wrong, ...tooMuch, ...short];
}

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== 'default' &&
  !(Array.isArray(value) && value.length === 0);
