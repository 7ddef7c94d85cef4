import { MINIMUM_NATS_SERVER, compareVersions, showVersion } from './version.js';
import type { Version } from './version.js';

/** A nats-server found somewhere, and what it says of itself. */
export interface Candidate {
  readonly path: string;
  readonly from: 'NATS_SERVER_BIN' | 'PATH' | 'cache';
  /** Undefined when it could not be run or printed no version. */
  readonly version: Version | undefined;
  /** Why there is no version. */
  readonly problem?: string;
}

export interface Choice {
  readonly chosen: (Candidate & { readonly version: Version }) | undefined;
  /** One line for each candidate that was passed over, saying why. */
  readonly passedOver: readonly string[];
}

const WHY_TOO_OLD = 'servers before it lose messages and let one account erase the streams of another';

function reasonAgainst({ version, problem }: Candidate): string | undefined {
  if (!version) return `it does not say its version (${problem ?? 'no output'})`;
  if (compareVersions(version, MINIMUM_NATS_SERVER) >= 0) return undefined;
  return `it is ${showVersion(version)}, and ${showVersion(MINIMUM_NATS_SERVER)} is the oldest that is safe: ${WHY_TOO_OLD}`;
}

/** The first candidate that is new enough, in the order given. Pure. */
export function chooseCandidate(candidates: readonly Candidate[]): Choice {
  const passedOver: string[] = [];
  for (const candidate of candidates) {
    const reason = reasonAgainst(candidate);
    if (reason === undefined) return { chosen: { ...candidate, version: candidate.version! }, passedOver };
    passedOver.push(`passing over ${candidate.path} (from ${candidate.from}): ${reason}`);
  }
  return { chosen: undefined, passedOver };
}
