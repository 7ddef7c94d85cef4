const KiB = 1024;
const MiB = 1024 * KiB;

/** Every bound of the relay, in one place. What is over a bound is refused with a code, a log line and a counter. */
export const limits = {
  /** Control API: the body of a configuration; read before it is parsed. */
  configurationBytes: 64 * MiB,
  /** Before a peer has proved who it is: handshakes under way for each access point, and how long one may take. */
  pendingHandshakes: 512,
  handshakeMs: 10_000,
  /** Live lines of one identity. A claim's certificate is shared by all that it invites, hence the larger number. */
  linesOfOneIdentity: { control: 1_024, other: 32 },
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

/** Times in milliseconds; injectable, since a test cannot wait for the real ones. */
export interface Timing {
  readonly dialMs: number;
  readonly backoff: { readonly firstMs: number; readonly mostMs: number };
  /** A line that was up for so long starts its back-off from the beginning. */
  readonly settledMs: number;
  /** PING every `everyMs`; unanswered, again every `retryMs`; dead after `misses`. */
  readonly ping: { readonly everyMs: number; readonly retryMs: number; readonly misses: number };
  /** For one way of one connection: a connector's server, or the rest of the path. */
  readonly connectMs: number;
  readonly tunnelMs: number;
  readonly rebindMs: number;
  readonly expiryCheckMs: number;
  readonly observationDebounceMs: number;
}

export const productionTiming: Timing = {
  dialMs: 10_000,
  backoff: { firstMs: 100, mostMs: 5_000 },
  settledMs: 10_000,
  // A silent peer is given up after 5 + 3 * 1.5 s, within the 10 s that its traffic may wait.
  ping: { everyMs: 5_000, retryMs: 1_500, misses: 3 },
  connectMs: 5_000,
  tunnelMs: 15_000,
  rebindMs: 2_000,
  expiryCheckMs: 10_000,
  observationDebounceMs: 100,
};
