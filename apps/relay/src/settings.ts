const MiB = 1024 * 1024;

/** What an operator may set in the environment of a relay; everything else comes with the configuration. */
export interface Settings {
  /** Bytes that tunnels may make this relay hold. */
  readonly budget: number;
  /** Where to tell metrics on loopback; undefined: nowhere. */
  readonly metricsPort: number | undefined;
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

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Error(
    `CARAVAN_RELAY_METRICS_PORT is ${JSON.stringify(text)}; say a TCP port, like 9464, or nothing at all`,
  );
}
