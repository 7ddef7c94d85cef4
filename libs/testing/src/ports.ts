import { findPort } from '@caravan/installation/ports';
import type { PortRange } from '@caravan/installation/ports';

/**
 * Each of Vitest's workers has ports of its own: what one has looked for and not taken yet is taken by no other, and where nobody shall
 * listen any more nobody else does by chance. All are below those of outgoing connections.
 */
const SLICE = 3_000;
const SLICES = 4;
const FOR_INSTALLATIONS = 2_000;
const first = 20_000 + ((workerOf(process.env) - 1) % SLICES) * SLICE;

/** Of installations. */
export const portRange: PortRange = { first, last: first + FOR_INSTALLATIONS - 1 };
const others: PortRange = { first: first + FOR_INSTALLATIONS, last: first + SLICE - 1 };

/** From 1 on; 1 where there are no workers. @throws Error where there are, and which this one is is not said */
export function workerOf({ VITEST, VITEST_POOL_ID }: NodeJS.ProcessEnv): number {
  const worker = Number(VITEST_POOL_ID ?? (VITEST === undefined ? 1 : undefined));
  if (!Number.isInteger(worker) || worker < 1) throw new Error('Vitest does not say which of its workers this is');
  return worker;
}

/** So many that were given last are not given again: they may not be taken yet. */
const REMEMBERED = 300;
const given = new Set<number>();

/** A loopback port that is free, for one listener. */
export async function freePort(): Promise<number> {
  const port = await findPort(others, given);
  given.add(port);
  for (const oldest of given) if (given.size > REMEMBERED) given.delete(oldest);
  return port;
}
