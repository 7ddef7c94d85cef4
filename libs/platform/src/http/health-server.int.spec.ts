import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { Gauge } from 'prom-client';
import { createLog } from '../logging/index.js';
import { createMetrics } from '../metrics/index.js';
import { Health } from '../health/index.js';
import { serveHealth } from './index.js';
import type { HealthServer } from './index.js';

describe('the health port', () => {
  const health = new Health();
  const metrics = createMetrics('test');
  let server: HealthServer;
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };

  beforeAll(async () => {
    server = await serveHealth({ health, metrics, log: createLog('test', 'fatal') }, 0);
  });
  afterAll(() => server.close());

  it('is ready while nothing is wrong', async () => {
    expect(await get('/readyz')).toEqual({ status: 200, text: '{"status":"ready"}\n' });
  });

  it('says in words what is wrong, and goes on being alive', async () => {
    const recovered = health.watch('nats', () => 'no NATS server at nats.example:4222');
    expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('nats.example:4222') });
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    recovered();
    expect(await get('/readyz')).toMatchObject({ status: 200 });
  });

  it('answers garbage with the ways there are', async () => {
    expect(await get('/../../etc/passwd')).toMatchObject({ status: 404 });
  });

  it('goes on after what is no request, counts it, and waits for no body', async () => {
    const answer = (text: string) =>
      new Promise<string>((resolve) => {
        let heard = '';
        const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (data) => (heard += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(heard));
      });
    expect(await answer('\u0000\u0001\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await answer('POST /healthz HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
    expect((await get('/metrics')).text).toMatch(
      /caravan_http_requests_refused_total\{code="request.malformed",.*\} 1\n/,
    );
  });

  it('survives a number that cannot be had', async () => {
    const broken = new Gauge({
      name: 'broken',
      help: 'throws',
      registers: [metrics],
      collect: () => {
        throw new Error('no number');
      },
    });
    expect(await get('/metrics')).toMatchObject({ status: 500, text: expect.stringContaining('no number') });
    metrics.removeSingleMetric('broken');
    expect(broken).toBeDefined();
    expect(await get('/metrics')).toMatchObject({ status: 200 });
  });
});
