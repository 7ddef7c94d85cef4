import { talk, tcp, tls } from './connections.js';
import type { Heard, Port } from './connections.js';
import type { Stage } from './stage.js';

export interface Slow {
  readonly what: string;
  readonly withinMs: number;
  readonly heard: Heard;
}

/** Between the end of a time and somebody who looks: a check every second, and a busy machine. */
const GRACE_MS = 6_000;

/** Those who send so slowly that they would never be through, at each port that promises to end them. */
export function slowOnes(stage: Stage, ports: readonly Port[]): Promise<Slow[]> {
  const { port: api } = new URL(stage.installation.plane.apiUrl);
  const overTls = Number(new URL(stage.installation.plane.apiTlsUrl).port);
  const site = new URL(stage.localApi(stage.client).url);
  const post = (path: string, token: string, length: number): string =>
    [
      `POST ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `authorization: Bearer ${token}`,
      `content-length: ${length}`,
      '',
      '{',
    ].join('\r\n');
  const drip = (what: string) => ({ what, everyMs: 300 });
  const bodies = [
    {
      what: 'a body at the API',
      port: Number(api),
      begin: post('/api/v1/backbones', stage.token, 1_000),
      withinMs: 30_000,
    },
    {
      what: 'a body at a local API',
      port: Number(site.port),
      begin: post('/site/v1/listeners', stage.localApi(stage.client).token, 1_000),
      withinMs: 15_000,
    },
    // A stranger is not even waited for.
    {
      what: 'a stranger’s body at the API',
      port: Number(api),
      begin: post('/api/v1/backbones', 'x', 1_000),
      withinMs: 2_000,
    },
    {
      what: 'a stranger’s body at a local API',
      port: Number(site.port),
      begin: post('/site/v1/listeners', 'x', 1_000),
      withinMs: 1_000,
    },
  ].map((each) => ({ ...each, dial: tcp(each.port), drip: drip(' ') }));
  const apiOverTls = {
    ...bodies[0]!,
    what: 'a body at the API over TLS',
    dial: tls(overTls, undefined, 'localhost', 'http/1.1'),
  };
  const heads = ports
    .filter(({ speaks, patienceMs }) => speaks === 'http' && patienceMs !== undefined)
    .map(({ port, owner, patienceMs = 0 }) => ({
      what: `headers at ${port}: ${owner}`,
      dial: tcp(port),
      begin: 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n',
      drip: drip('x-a: b\r\n'),
      withinMs: patienceMs,
    }));
  const handshakes = ports
    .filter(({ speaks, patienceMs }) => speaks === 'tls' && patienceMs !== undefined)
    .map(({ port, owner, patienceMs = 0 }) => ({
      what: `a handshake at ${port}: ${owner}`,
      dial: tcp(port),
      begin: Buffer.from('1603010200', 'hex'),
      drip: { what: Buffer.of(1), everyMs: 300 },
      withinMs: patienceMs,
    }));
  return Promise.all(
    [...bodies, apiOverTls, ...heads, ...handshakes].map(async ({ what, dial, begin, drip, withinMs }) => {
      const heard = await talk(dial, { begin, drip, patienceMs: withinMs + 3 * GRACE_MS });
      return { what, withinMs: withinMs + GRACE_MS, heard };
    }),
  );
}

/** Who was not ended in time, in words. */
export const lateOnes = (slow: readonly Slow[]): string[] =>
  slow.flatMap(({ what, withinMs, heard: { ms } }) =>
    ms !== undefined && ms <= withinMs
      ? []
      : [`${what}: ${ms === undefined ? 'not ended' : `${Math.round(ms)} ms`}, within ${withinMs}`],
  );
