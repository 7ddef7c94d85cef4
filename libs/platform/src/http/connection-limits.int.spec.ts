import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { problemSchema } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { createApp, ServiceModule } from '../index.js';
import { serviceSaying } from './service.fixture.js';
import type { UnreadRequest } from '../index.js';
import type { ConnectionLimits } from './connection-limits.js';

@Controller('things')
class Things {
  @Post()
  make(@Body() body: unknown): object {
    return { body };
  }
}

@Module({ controllers: [Things] })
class AppModule {}

interface Heard {
  readonly text: string;
  readonly sent: number;
  readonly ms: number;
}

describe('a connection that behaves badly', () => {
  const lines: string[] = [];
  const service = serviceSaying((line) => void lines.push(line));
  const apps: INestApplication[] = [];
  /** With the limits of production, and with such that a test can wait for. */
  let port: number;
  let hasty: number;

  async function serve(limits?: ConnectionLimits): Promise<number> {
    const admit = ({ headers }: UnreadRequest) => {
      if (headers.authorization !== 'Bearer t') throw new Rejection('request.unauthenticated', { detail: 'no' });
    };
    const module = { module: AppModule, imports: [ServiceModule.of(service)] };
    const app = await createApp(module, service, { admit, ...(limits && { limits }) });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    return (app.getHttpServer() as { address(): AddressInfo }).address().port;
  }
  beforeAll(async () => {
    port = await serve();
    hasty = await serve({ headersMs: 400, requestMs: 800, checkMs: 50, connections: 100 });
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /** Writes `begin`, then `drip` every few milliseconds until the other side ends it. */
  const talk = (begin: string, drip?: string | Buffer, to = port): Promise<Heard> =>
    new Promise((resolve) => {
      const started = performance.now();
      let [text, sent] = ['', 0];
      const socket = connect(to, '127.0.0.1');
      const say = (what: string | Buffer): void => {
        sent += what.length;
        socket.write(what);
      };
      let dripping: NodeJS.Timeout | undefined;
      socket.on('connect', () => {
        if (begin) say(begin);
        if (drip) dripping = setInterval(() => socket.writableLength < 1_000_000 && say(drip), 5);
      });
      socket.on('data', (data) => (text += data.toString()));
      socket.on('end', () => socket.end());
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(dripping);
        resolve({ text, sent, ms: performance.now() - started });
      });
    });
  const head = (...headers: string[]) =>
    ['POST /things HTTP/1.1', 'content-type: application/json', ...headers, '', ''].join('\r\n');
  const token = 'authorization: Bearer t';
  const problemIn = ({ text }: Heard) => problemSchema.parse(JSON.parse(text.slice(text.indexOf('{'))));
  const counted = async (code: string) =>
    Number(
      new RegExp(`refused_total\\{code="${code}",service="test"\\} (\\d+)`).exec(
        await service.metrics.metrics(),
      )?.[1] ?? 0,
    );

  it.each([
    ['says nothing', '', undefined],
    ['sends its headers a few bytes at a time', 'POST /things HTTP/1.1\r\n', 'x-a: b\r\n'],
    ['sends its body a byte at a time', head(token, 'content-length: 100000') + '{', ' '],
    ['announces more than it sends', head(token, 'content-length: 100') + '{}', undefined],
  ])('is told so and ended in time when it %s', async (_, begin, drip) => {
    const before = await counted('request.too-slow');
    const heard = await talk(begin, drip, hasty);
    expect(problemIn(heard)).toMatchObject({ status: 408, code: 'request.too-slow' });
    expect(heard.ms).toBeLessThan(15_000);
    expect(await counted('request.too-slow')).toBeGreaterThan(before);
  });

  it.each([
    ['garbage', '\u0000\u0001\u0002garbage\r\n\r\n', 400, 'request.malformed'],
    [
      'the begin of a TLS handshake',
      '\u0016\u0003\u0001\u0000\u00c8\u0001\u0000\u0000\u00c4\u0003\u0003',
      400,
      'request.malformed',
    ],
    ['the begin of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request.malformed'],
    [
      'two lengths',
      head(token, 'content-length: 5', 'transfer-encoding: chunked') + '0\r\n\r\n',
      400,
      'request.malformed',
    ],
    [
      'more than it announced',
      head(token, 'content-length: 2', 'connection: close') + '{}{"name":',
      400,
      'request.malformed',
    ],
    ['a flood of headers', head(token, `x: ${'y'.repeat(40_000)}`), 431, 'request.headers-too-large'],
    [
      'thousands of headers',
      head(token, ...Array.from({ length: 3_000 }, (_, index) => `a${index}: b`)),
      431,
      'request.headers-too-large',
    ],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request.no-proxy'],
    ['an expectation', head(token, 'expect: wonders', 'content-length: 2'), 417, 'request.expectation'],
  ])('is answered with a problem and ended when it sends %s', async (_, begin, status, code) => {
    const before = await counted(code);
    const heard = await talk(begin);
    expect(heard.text).toMatch(/^HTTP\/1\.1 \d{3} .*\r\n/);
    if (!heard.text.includes('201')) expect(problemIn(heard)).toMatchObject({ status, code });
    expect(await counted(code)).toBeGreaterThan(before);
  });

  it.each([
    ['with a token', token, 413, 'request.too-large'],
    ['without one', 'x: y', 401, 'request.unauthenticated'],
  ])('%s is not read for ever when its chunks have no end', async (_, header, status, code) => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const heard = await talk(head(header, 'transfer-encoding: chunked'), chunk);
    expect(problemIn(heard)).toMatchObject({ status, code });
    expect(heard.sent).toBeLessThan(60_000_000);
  });

  it('is refused before its body is looked at when it is nobody’s', async () => {
    const heard = await talk(head('content-length: 9', 'connection: close') + 'not JSON!');
    expect(problemIn(heard)).toMatchObject({ status: 401 });
    expect(
      await talk(head(token, 'content-length: 9', 'connection: close') + 'not JSON!').then(problemIn),
    ).toMatchObject({
      status: 400,
      code: 'request.not-json',
    });
  });

  it('is told to go on only when its body is wanted', async () => {
    const expecting = ['expect: 100-continue', 'content-length: 2', 'connection: close'];
    expect((await talk(head(token, ...expecting) + '{}')).text).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201/,
    );
    expect((await talk(head(...expecting) + '{}')).text).toMatch(/^HTTP\/1\.1 401/);
  });

  it('leaves a line of each kind and holds up nobody', async () => {
    const silent = Array.from({ length: 90 }, () => talk('', undefined, hasty));
    const honest = await talk(head(token, 'content-length: 2', 'connection: close') + '{}', undefined, hasty);
    expect(honest.text).toMatch(/^HTTP\/1\.1 201/);
    await Promise.all(silent);
    const codes = lines.map((line) => (JSON.parse(line) as { code?: string }).code);
    for (const code of ['request.too-slow', 'request.malformed', 'request.headers-too-large'])
      expect(codes).toContain(code);
    expect(codes.filter((code) => code === 'request.too-slow').length).toBeLessThan(60);
  });
});
