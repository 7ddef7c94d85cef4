import { productionTiming } from './limits.js';

const MiB = 1024 * 1024;

/** What an operator may set in the environment of a relay; everything else comes with the configuration. */
export interface Settings {
  /** Bytes that tunnels may make this relay hold. */
  readonly budget: number;
  /** Where to tell metrics on loopback; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  /** So long before a network begins its trust is loaded, in milliseconds. */
  readonly trustLeadMs: number;
}

const LEAST = 16 * MiB;
const DEFAULT = { least: 128 * MiB, most: 1024 * MiB, share: 8 };

/**
 * @param memory bytes that this process may use: the machine's, or its container's
 * @throws Error in words for people, naming the variable
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, memory: number): Settings {
  return {
    budget: budgetFrom(env['CARAVAN_RELAY_MEMORY'], memory),
    metricsPort: portFrom(env['CARAVAN_RELAY_METRICS_PORT']),
    trustLeadMs: leadFrom(env['CARAVAN_RELAY_TRUST_LEAD']),
  };
}

function budgetFrom(text: string | undefined, memory: number): number {
  const { least, most, share } = DEFAULT;
  if (text === undefined || text === '') return Math.min(most, Math.max(least, Math.floor(memory / share)));
  const [, count, unit] = /^([1-9][0-9]{0,5})(MiB|GiB)$/.exec(text) ?? [];
  const bytes = Number(count) * MiB * (unit === 'GiB' ? 1024 : 1);
  if (bytes >= LEAST) return bytes;
  throw new Error(
    `CARAVAN_RELAY_MEMORY is ${JSON.stringify(text)}; say how much tunnels may hold, like 256MiB or 1GiB, at least 16MiB`,
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function leadFrom(text: string | undefined): number {
  if (text === undefined || text === '') return productionTiming.trustLeadMs;
  const [, count, unit = ''] = /^([0-9]{1,4})(s|m|h)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * UNIT_MS[unit]!;
  throw new Error(
    `CARAVAN_RELAY_TRUST_LEAD is ${JSON.stringify(text)}; say how long before a network begins its trust is loaded, like 60s, 5m or 1h, or 0s`,
  );
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Error(
    `CARAVAN_RELAY_METRICS_PORT is ${JSON.stringify(text)}; say a TCP port, like 9464, or nothing at all`,
  );
}
