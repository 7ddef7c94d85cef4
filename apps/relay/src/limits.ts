import type { Backoff } from './links/backoff.js';

const KiB = 1024;
const MiB = 1024 * KiB;

/** Every bound of the relay, in one place. What is over a bound is refused with a code, a log line and a counter. */
export const limits = {
  /** Control API: the body of a configuration; read before it is parsed. */
  configurationBytes: 64 * MiB,
  /** Before a peer has proved who it is: handshakes under way for each access point, and how long one may take. */
  pendingHandshakes: 512,
  handshakeMs: 10_000,
  /** Live lines of one identity. A claim's certificate is shared by all that it invites, hence the larger numbers. */
  linesOfOneIdentity: { control: 1_024, controlFromOneSource: 256, other: 32 },
  /** Of a site's, beside those: what only finishes what it carries must not keep the site's next line out. The oldest makes room. */
  drainingLinesOfOneIdentity: 32,
  lines: 20_000,
  /** Tunnels through this relay at a time, and what one header block may weigh. */
  tunnels: 50_000,
  tunnelsOfOneClaim: 16,
  headerPairs: 32,
  /** Relays that one connection may pass. */
  hops: 16,
  /** Offers heard on one line: what is over is ignored. One wire line of them is bounded too, and its sender dropped. */
  offers: { network: 1_024, control: 1, backbone: 100_000 },
  offerLineBytes: 1 * MiB,
  offersPerWireLine: 512,
  /** Recent connections kept for tracing. */
  connections: 1_024,
  /** Ways that are tried for one connection before it is refused. */
  ways: 8,
} as const;

/** What the relay may hold, in bytes; injectable, since a test cannot fill the real ones. docs/adr/0014-relay-under-load.md */
export interface Sizes {
  /** Of each line, for all its streams: bounds the queue that a small request waits behind. */
  readonly connectionWindow: number;
  /** Of each stream: to begin with and while memory is short, and on a line that carries bulk. */
  readonly smallWindow: number;
  readonly largeWindow: number;
  /** All that tunnels may make this relay hold. */
  readonly budget: number;
}

export const productionSizes: Sizes = {
  connectionWindow: 256 * KiB,
  smallWindow: 64 * KiB - 1,
  largeWindow: 256 * KiB,
  budget: 128 * MiB,
};

/** Times in milliseconds; injectable, since a test cannot wait for the real ones. */
export interface Timing {
  readonly dialMs: number;
  readonly backoff: Backoff;
  /** How often a link that is up by its own certificate is tried with the one that is supplied for it. */
  readonly preferred: Backoff;
  /** A line that was up for so long starts its back-off from the beginning. */
  readonly settledMs: number;
  /** In silent ticks: when a PING is sent, when the line is used last, and when it is given up. */
  readonly liveness: {
    readonly tickMs: number;
    readonly askAfter: number;
    readonly suspectAfter: number;
    readonly deadAfter: number;
  };
  /** For one way of one connection: a connector's server, or the rest of the path. */
  readonly connectMs: number;
  readonly tunnelMs: number;
  /** A port that another program has is asked for again. */
  readonly rebind: Backoff;
  readonly expiryCheckMs: number;
  /** So long before a network begins its trust is loaded; 0: when somebody comes. */
  readonly trustLeadMs: number;
  readonly observationDebounceMs: number;
}

export const productionTiming: Timing = {
  dialMs: 10_000,
  backoff: { firstMs: 100, mostMs: 5_000, atFirst: { failures: 64, mostMs: 1_000 } },
  preferred: { firstMs: 1_000, mostMs: 300_000 },
  settledMs: 10_000,
  // A silent peer is given up after seven to eight seconds, within the ten that its traffic may wait on a busy machine too.
  liveness: { tickMs: 1_000, askAfter: 2, suspectAfter: 4, deadAfter: 7 },
  connectMs: 5_000,
  tunnelMs: 15_000,
  rebind: { firstMs: 500, mostMs: 60_000 },
  expiryCheckMs: 10_000,
  trustLeadMs: 60_000,
  observationDebounceMs: 100,
};
