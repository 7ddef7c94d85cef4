/**
 * The relay's control API: HTTP/1.1 over a Unix socket that only the relay's user may open. One place for both ends.
 *
 * - `PUT configuration`: the whole `Configuration`; 204, or a problem
 * - `GET observation`: one `Observation`
 * - `GET observations`: `application/x-ndjson`, one `Observation` per line; the first at once, then after changes. An empty line is
 *   a sign of life, every `SIGN_OF_LIFE_MS`: a relay of which nothing comes stands still, and carries nothing
 * - `GET connections?id=`: recent `Connection`s, newest first
 * - `GET metrics`: Prometheus text
 * - `CONNECT caravan.control`: after the 200, raw bytes to and from the management plane
 *
 * Refusals are RFC 9457 problem details with a stable `code`.
 *
 * Whoever starts a relay may give it a configuration before it listens anywhere: a `HandOver`, the one message that it hears
 * on Node's IPC channel (`serialization: 'advanced'`).
 */
export const relayPaths = {
  configuration: '/configuration',
  observation: '/observation',
  observations: '/observations',
  connections: '/connections',
  metrics: '/metrics',
} as const;

/** Whoever follows the observations is told nothing for longer only by a relay that stands still, or a machine that does. */
export const SIGN_OF_LIFE_MS = 3_000;

/** What a relay is started with again, while it has heard nothing over its socket yet. */
export interface HandOver {
  /** A `Configuration` as JSON in UTF-8. Bytes and not a string, so that whoever is through with it can overwrite it. */
  readonly configuration: Uint8Array;
}

export interface ProblemDetails {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
}
