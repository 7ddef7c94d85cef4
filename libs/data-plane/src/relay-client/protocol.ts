/**
 * The relay's control API: HTTP/1.1 over a Unix socket that only the relay's user may open. One place for both ends.
 *
 * - `PUT configuration`: the whole `Configuration`; 204, or a problem
 * - `GET observation`: one `Observation`
 * - `GET observations`: `application/x-ndjson`, one `Observation` per line; the first at once, then after changes
 * - `GET connections?id=`: recent `Connection`s, newest first
 * - `GET metrics`: Prometheus text
 * - `CONNECT caravan.control`: after the 200, raw bytes to and from the management plane
 *
 * Refusals are RFC 9457 problem details with a stable `code`.
 */
export const relayPaths = {
  configuration: '/configuration',
  observation: '/observation',
  observations: '/observations',
  connections: '/connections',
  metrics: '/metrics',
} as const;

export interface ProblemDetails {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
}
