import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Body, Controller, Get, Module, Post, Query, UnauthorizedException } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { problemSchema } from '@caravan/api';
import { LogError, Rejection } from '@caravan/event-store';
import { z } from 'zod';
import { createApp, ServiceModule, valid } from '../index.js';
import { serviceSaying } from './service.fixture.js';

const body = z.strictObject({ name: z.string().min(1) });
const query = z.object({ limit: z.coerce.number().int().max(100).default(20) });

@Controller('things')
class Things {
  @Post()
  make(@Body(valid(body)) { name }: z.output<typeof body>): object {
    if (name === 'late') throw new Rejection('invitation.expired', { deadline: '2020-01-01T00:00:00Z' });
    if (name === 'none') throw new Rejection('network.not-found', { networkId: 'n' });
    if (name === 'taken') throw new Rejection('network.name-taken', { name });
    if (name === 'log') throw new LogError('log.unavailable', 'no answer from the log');
    if (name === 'nobody') throw new UnauthorizedException();
    if (name === 'broken') throw new Error('password=hunter2');
    return { name };
  }

  @Get()
  list(@Query(valid(query)) { limit }: z.output<typeof query>): object {
    return { limit };
  }
}

@Module({ controllers: [Things] })
class AppModule {}

describe('problem details', () => {
  const lines: string[] = [];
  const service = serviceSaying((line) => {
    if (line.includes('/unwritten')) throw new Error('no room');
    lines.push(line);
  });
  let app: INestApplication;
  let port: number;

  beforeAll(async () => {
    app = await createApp({ module: AppModule, imports: [ServiceModule.of(service)] }, service);
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer() as { address(): AddressInfo }).address().port;
  });
  afterAll(() => app.close());

  const send = (init: RequestInit, path = '/things') => fetch(`http://127.0.0.1:${port}${path}`, init);
  const post = (
    text: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => send({ method: 'POST', body: text, headers });
  async function problem(answer: Promise<Response>) {
    const { status, headers, text } = await answer.then(async (it) => ({
      status: it.status,
      headers: it.headers,
      text: await it.text(),
    }));
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const read = problemSchema.parse(JSON.parse(text));
    expect(read.status).toBe(status);
    return read;
  }

  it('leaves answers alone', async () => {
    expect(await (await post('{"name":"a"}')).json()).toEqual({ name: 'a' });
    expect(await (await send({}, '/things?limit=7')).json()).toEqual({ limit: 7 });
  });

  it.each([
    ['late', 410, 'invitation.expired'],
    ['none', 404, 'network.not-found'],
    ['taken', 409, 'network.name-taken'],
    ['log', 503, 'log.unavailable'],
    ['nobody', 401, 'request.unauthenticated'],
    ['broken', 500, 'service.internal'],
  ])('answers what is thrown for %s with %d %s', async (name, status, code) => {
    expect(await problem(post(JSON.stringify({ name })))).toMatchObject({
      status,
      code,
      type: `urn:caravan:problem:${code}`,
    });
  });

  it('tells nothing of a fault of its own, and logs it', async () => {
    const said = await problem(post('{"name":"broken"}'));
    expect(JSON.stringify(said)).not.toContain('hunter2');
    expect(lines.join('')).toContain('hunter2');
  });

  it.each([
    ['half an object', '{"name":', 'request.not-json', 400],
    ['random bytes', Uint8Array.from([0xff, 0x00, 0x7b]), 'request.not-json', 400],
    ['the wrong shape', '{"name":7}', 'request.invalid', 400],
    ['surplus fields', '{"name":"a","id":"b"}', 'request.invalid', 400],
    ['what is nested too deep', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'request.invalid', 400],
    ['a NUL', '{"name":"a\\u0000"}', 'request.invalid', 400],
    ['no object', '"name"', 'request.invalid', 400],
    ['too much', JSON.stringify({ name: 'x'.repeat(300_000) }), 'request.too-large', 413],
  ])('refuses %s', async (_, text, code, status) => {
    expect(await problem(post(text))).toMatchObject({ code, status });
  });

  it.each([
    ['a long name', JSON.stringify({ name: 'a', ['x'.repeat(100_000)]: 1 })],
    ['many names', JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1])))],
  ])('does not say %s back', async (_, text) => {
    expect(JSON.stringify(await problem(post(text))).length).toBeLessThan(2_000);
    expect(JSON.stringify(await problem(send({}, `/${'x'.repeat(10_000)}`))).length).toBeLessThan(6_000);
  });

  it('decompresses nothing', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await problem(post(gzipSync('{"name":"a"}'), headers))).toMatchObject({
      code: 'request.unsupported-media-type',
      status: 415,
    });
  });

  it('says what is wrong where', async () => {
    expect(await problem(send({}, '/things?limit=1000'))).toMatchObject({
      code: 'request.invalid',
      issues: [{ path: 'limit', message: expect.any(String) }],
    });
  });

  it('refuses what is not JSON, another charset, and unknown routes', async () => {
    expect(await problem(post('name=a', { 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({
      status: 415,
    });
    expect(await problem(post('{}', { 'content-type': 'application/json; charset=utf-16' }))).toMatchObject({
      status: 415,
    });
    expect(await problem(send({}, '/nowhere'))).toMatchObject({ code: 'route.not-found', status: 404 });
  });

  it('says which methods there are where another one is asked for', async () => {
    const answer = await send({ method: 'DELETE' });
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(await problem(Promise.resolve(answer))).toMatchObject({ code: 'request.method-not-allowed', status: 405 });
    const nowhere = await send({ method: 'DELETE' }, '/nowhere');
    expect([nowhere.status, nowhere.headers.get('allow')]).toEqual([404, null]);
  });

  it('says when to come back if it is not here that something is wrong for good', async () => {
    const retryAfter = async (name: string) => (await post(JSON.stringify({ name }))).headers.get('retry-after');
    expect(await retryAfter('log')).toBe('2');
    expect(await retryAfter('taken')).toBeNull();
    expect(await retryAfter('broken')).toBeNull();
  });

  it('counts each refusal by its code, and writes a line of it', async () => {
    const counted = async () =>
      Number(
        /refused_total\{code="request.not-json",service="test"\} (\d+)/.exec(await service.metrics.metrics())?.[1],
      );
    const before = await counted();
    await post('{');
    expect(await counted()).toBe(before + 1);
    const line = lines
      .map((text) => JSON.parse(text) as object)
      .find((each) => 'code' in each && each.code === 'request.not-json');
    expect(line).toMatchObject({
      level: 'warn',
      method: 'POST',
      path: '/things',
      msg: expect.stringMatching(/^request refused/),
    });
  });

  it('says to nobody where our files are, whatever fails', async () => {
    const answer = await send({}, '/unwritten');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(/no room|at .*[/:]\d+/);
  });

  it('goes on after garbage that is not even HTTP', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.from([0, 1, 2, 3, 255, 10, 10])));
      socket
        .on('close', () => resolve())
        .on('error', () => resolve())
        .resume();
    });
    expect((await post('{"name":"a"}')).status).toBe(201);
  });
});
