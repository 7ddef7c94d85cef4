import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@caravan/testing';
import { isOpen, Topology } from '@caravan/testing/data-plane';
import type { RelayProcess } from '../relay-process.fixture.js';
import { startRelayWith } from '../relay-process.fixture.js';

describe('Metrics on loopback', () => {
  let port: number;
  const topology = new Topology(async () =>
    startRelayWith(undefined, { env: { CARAVAN_RELAY_METRICS_PORT: `${port}` } }),
  );
  let relay: RelayProcess;
  beforeAll(async () => {
    port = await freePort();
    relay = (await topology.relay('near')).running as RelayProcess;
  }, 120_000);
  afterAll(() => topology.close());

  const send = (path: string, { method = 'GET', headers = {}, body = '' } = {}): Promise<[number, string]> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      asked.on('error', reject);
      asked.end(body);
    });

  it('name lines, tunnels, budget, refusals and the process, each with help, type and unit', async () => {
    const [status, text] = await send('/metrics');
    expect(status).toBe(200);
    const types = [...text.matchAll(/^# TYPE (\S+) (counter|gauge)$/gm)].map(
      ([, name, type]) => [name!, type!] as const,
    );
    const names = types.map(([name]) => name);
    for (const name of [
      'caravan_relay_lines_lost_total',
      'caravan_relay_tunnels_refused_total',
      'caravan_relay_tunnels_evicted_total',
      'caravan_relay_handshakes_refused_total',
      'caravan_relay_suspect_lines',
      'caravan_relay_received_bytes_total',
      'caravan_relay_held_bytes',
      'caravan_relay_budget_bytes',
      'process_resident_memory_bytes',
    ])
      expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
    for (const [name, type] of types) expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z]+="[a-z.-]+"\})? [0-9.e+]+)$/);
  });

  it('listen on the loopback address and on no other of this machine', async () => {
    const open = createServer().listen(0, '127.0.0.2');
    await once(open, 'listening');
    topology.closing.add(() => open.close());
    expect([await isOpen(port), await isOpen(port, '127.0.0.2')]).toEqual([true, false]);
    // Had it been bound to all of them, the second would have been a way in.
    expect(await isOpen((open.address() as AddressInfo).port, '127.0.0.2')).toBe(true);
  });

  it.each([
    ['another path', '/', {}, 404],
    ['another method', '/metrics', { method: 'DELETE' }, 405],
    ['a body', '/metrics', { method: 'GET', headers: { 'content-length': '1' }, body: 'x' }, 413],
    ['the name of another host, as a page in a browser would', '/metrics', { headers: { host: 'evil.example' } }, 421],
    ['headers that are too long', '/metrics', { headers: { x: 'x'.repeat(8_192) } }, 431],
  ])('refuse %s', async (_, path, options, status) => expect((await send(path, options))[0]).toBe(status));

  it('cut off whoever says nothing, and take few at a time', async () => {
    const silent = Array.from({ length: 20 }, () => connect({ host: '127.0.0.1', port }));
    await Promise.all(silent.map((socket) => once(socket.on('error', () => undefined).resume(), 'close')));
    expect((await send('/metrics'))[0]).toBe(200);
    expect(relay.isAlive()).toBe(true);
  });

  it('are told nowhere when their port is taken, and the relay works', async () => {
    const other = await startRelayWith(undefined, { env: { CARAVAN_RELAY_METRICS_PORT: `${port}` } });
    topology.closing.add(() => other.stop());
    expect(await other.plane.observe()).toEqual({ items: {}, links: [] });
    expect(other.log()).toContain('CARAVAN_RELAY_METRICS_PORT');
    expect(await isOpen(port)).toBe(true);
  });
});
