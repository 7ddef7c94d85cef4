import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Health, serveHealth } from './index.js';
import type { HealthServer } from './index.js';

describe('the health port', () => {
  const health = new Health();
  const metrics = new Registry();
  let server: HealthServer;
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };

  beforeAll(async () => {
    server = await serveHealth(health, metrics, 0);
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
});
