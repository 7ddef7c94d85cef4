/** A released version, as numbers that compare. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * Older servers lose messages of filtered sources (nats-server issue 5253) and let one account wipe another's streams
 * (CVE-2025-30215); none before 2.10 has the auth callout. `docs/adr` tells how this floor was chosen.
 */
export const MINIMUM_NATS_SERVER: Version = { major: 2, minor: 10, patch: 27 };

/** Reads what `nats-server --version` prints (`nats-server: v2.10.27`); undefined when it is something else. */
export function parseVersion(printed: string): Version | undefined {
  const match = /(?:^|\bv|\s)(\d+)\.(\d+)\.(\d+)/.exec(printed);
  return match ? { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) } : undefined;
}

/** Negative when `a` is older than `b`, 0 when they are the same, positive when it is newer. */
export const compareVersions = (a: Version, b: Version): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch;

export const showVersion = (version: Version): string => `${version.major}.${version.minor}.${version.patch}`;
