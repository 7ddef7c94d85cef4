import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '@caravan/api';
import { createLog } from '../log.js';
import type { SiteController } from '../site-controller.js';
import { sitePaths } from '../site-directory/site-paths.js';
import { Troubles } from '../troubles.js';
import { ApiServer } from './api-server.js';

/** What stands before the local API, for who has no token and who has one and means no good. */
describe('the door of the local API', () => {
  const dir = mkdtempSync(join(tmpdir(), 'caravan-door-'));
  const paths = sitePaths(dir);
  const lines: string[] = [];
  const site = { state: { directory: { paths } }, troubles: new Troubles() } as unknown as SiteController;
  let server: ApiServer;
  let port: number;
  let token: string;

  beforeAll(async () => {
    server = await ApiServer.open(
      site,
      createLog('test', 'info', (line) => void lines.push(line)),
      1,
    );
    port = Number(new URL((JSON.parse(readFileSync(paths.apiFile, 'utf8')) as { url: string }).url).port);
    token = readFileSync(paths.tokenFile, 'utf8').trim();
  });
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });

  interface Heard {
    readonly text: string;
    readonly sent: number;
    readonly ms: number;
  }
  /** Writes `begin`, then `drip` every few milliseconds until the other side ends it. */
  const talk = (begin: string, drip?: string): Promise<Heard> =>
    new Promise((resolve) => {
      const started = performance.now();
      let [text, sent] = ['', 0];
      let dripping: NodeJS.Timeout | undefined;
      const socket = connect(port, '127.0.0.1');
      const say = (what: string): void => {
        sent += what.length;
        socket.write(what, 'latin1'); // each character is a byte
      };
      socket.on('connect', () => {
        if (begin) say(begin);
        if (drip) dripping = setInterval(() => socket.writableLength < 1_000_000 && say(drip), 5);
      });
      socket.on('data', (data) => (text += data.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(dripping);
        resolve({ text, sent, ms: performance.now() - started });
      });
    });
  const request = (line: string, ...headers: string[]) =>
    [`${line} HTTP/1.1`, 'host: 127.0.0.1', 'connection: close', ...headers, '', ''].join('\r\n');
  const bearer = () => `authorization: Bearer ${token}`;
  const problemIn = ({ text }: Heard) => problemSchema.parse(JSON.parse(text.slice(text.indexOf('{'))));
  const metrics = async () => (await talk(request('GET /metrics', bearer()))).text;
  const counted = async (code: string) =>
    Number(new RegExp(`refused_total\\{code="${code}"\\} (\\d+)`).exec(await metrics())?.[1] ?? 0);

  it.each([
    ['no token', () => request('GET /site/v1/state'), 401, 'request.unauthenticated'],
    ['no token for its metrics', () => request('GET /metrics'), 401, 'request.unauthenticated'],
    [
      'another host',
      () => request('GET /site/v1/state', bearer()).replace('127.0.0.1', 'evil.example'),
      421,
      'request.misdirected',
    ],
    [
      'a host that begins like ours',
      () => request('GET /site/v1/state', bearer()).replace('127.0.0.1', '127.0.0.1.evil.example'),
      421,
      'request.misdirected',
    ],
    ['a path outside', () => request('GET /etc/passwd', bearer()), 404, 'route.not-found'],
    ['a whole URL', () => request('GET http://evil.example/site/v1/state', bearer()), 404, 'route.not-found'],
    [
      'text',
      () => request('POST /site/v1/listeners', bearer(), 'content-type: text/plain', 'content-length: 2') + '{}',
      415,
      'request.unsupported-media-type',
    ],
    [
      'a compressed body',
      () =>
        request(
          'POST /site/v1/listeners',
          bearer(),
          'content-type: application/json',
          'content-encoding: gzip',
          'content-length: 2',
        ) + '{}',
      415,
      'request.unsupported-media-type',
    ],
    [
      'bytes that are no text',
      () => request('POST /site/v1/listeners', bearer(), 'content-type: application/json', 'content-length: 3') + '"ÿ"',
      400,
      'request.not-json',
    ],
    [
      'half of JSON',
      () =>
        request('POST /site/v1/listeners', bearer(), 'content-type: application/json', 'content-length: 4') + '{"a"',
      400,
      'request.not-json',
    ],
    ['garbage', () => '\u0000\u0001garbage\r\n\r\n', 400, 'request.malformed'],
    ['the begin of a TLS handshake', () => '\u0016\u0003\u0001\u0000\u00c8\u0001', 400, 'request.malformed'],
    [
      'a flood of headers',
      () => request('GET /site/v1/state', `x: ${'y'.repeat(40_000)}`),
      431,
      'request.headers-too-large',
    ],
  ])('refuses %s, counts it and leaves a line', async (_, text, status, code) => {
    const before = await counted(code);
    expect(problemIn(await talk(text()))).toMatchObject({ status, code });
    expect(await counted(code)).toBe(before + 1);
    expect(lines.some((line) => line.includes(`"${code}"`))).toBe(true);
  });

  it.each([
    ['with a token', bearer, 413, 'request.too-large'],
    ['without one', () => 'x: y', 401, 'request.unauthenticated'],
  ])('does not read chunks for ever, %s', async (_, header, status, code) => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const begin = request(
      'POST /site/v1/listeners',
      header(),
      'content-type: application/json',
      'transfer-encoding: chunked',
    );
    const heard = await talk(begin, chunk);
    expect(problemIn(heard)).toMatchObject({ status, code });
    expect(heard.sent).toBeLessThan(20_000_000);
  });

  it.each([
    ['says nothing', ''],
    ['sends its headers a few bytes at a time', 'GET /site/v1/state HTTP/1.1\r\n'],
  ])('ends a connection that %s, within 5 s and what a busy machine needs', async (_, begin) => {
    const heard = await talk(begin, begin && 'x-a: b\r\n');
    expect(problemIn(heard)).toMatchObject({ status: 408, code: 'request.too-slow' });
    expect(heard.ms).toBeLessThan(20_000);
  });

  it('tells what did not work, and lets nobody invent names without end', async () => {
    for (let index = 0; index < 300; index++)
      site.troubles.set('sync', Object.assign(new Error('x'), { code: `made.up-${index}` }), new Date());
    site.troubles.set('sync', Object.assign(new Error('x'), { code: 'a"} 1\nforged 1' }), new Date());
    const text = await metrics();
    expect(text).toContain('caravan_site_troubles_total{code="made.up-0"} 1\n');
    expect(text).toContain('caravan_site_troubles_total{code="other"} 201\n');
    expect(text).not.toContain('forged');
    expect(text).toMatch(/process_resident_memory_bytes \d+\n/);
  });
});
