import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyConfiguration } from '@caravan/data-plane';
import type { Observation } from '@caravan/data-plane';
import { RelayDataPlane, relayPaths } from '@caravan/data-plane/relay';
import type { HandOver } from '@caravan/data-plane/relay';
import { eventually } from '@caravan/testing';
import { bytes, World } from '@caravan/testing/data-plane';
import type { RelayProcess } from '../relay-process.fixture.js';
import { mainFile, startRelay } from '../relay-process.fixture.js';

describe('The control socket', () => {
  let relay: RelayProcess;
  beforeAll(async () => {
    relay = await startRelay();
  }, 120_000);
  afterAll(() => relay.stop());

  const send = (method: string, path: string, body?: string | Buffer): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const asked = request({ socketPath: relay.socketPath, method, path, agent: false, headers }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  const refusal = async (...args: Parameters<typeof send>): Promise<unknown[]> => {
    const { status, body } = await send(...args);
    return [status, (JSON.parse(body) as { code: string }).code];
  };

  it('is for its own user alone', () => {
    expect(statSync(relay.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(relay.socketPath)).mode & 0o777).toBe(0o700);
  });

  it('answers before there is a configuration', async () => {
    expect(await relay.plane.observe()).toEqual({ items: {}, links: [] });
    expect(await relay.plane.connections()).toEqual([]);
    expect((await send('GET', relayPaths.metrics)).body).toContain('# TYPE caravan_relay_tunnels_opened_total counter');
  });

  it.each([
    ['GET', '/nowhere', undefined, 404, 'control.not-found'],
    ['DELETE', relayPaths.configuration, undefined, 405, 'control.method'],
    ['PUT', relayPaths.configuration, '{', 400, 'control.not-json'],
    ['PUT', relayPaths.configuration, '[]', 400, 'configuration.malformed'],
    [
      'PUT',
      relayPaths.configuration,
      JSON.stringify({ ...emptyConfiguration('s'), more: 1 }),
      400,
      'configuration.malformed',
    ],
  ] as const)('answers %s %s with %j as a problem with a code', async (method, path, body, status, code) => {
    expect(await refusal(method, path, body)).toEqual([status, code]);
  });

  it('names what is wrong with a configuration by its place, never by its value', async () => {
    const certificates = { c1: { chain: 'x', key: 7, secret: 'SECRET' } };
    const { body } = await send(
      'PUT',
      relayPaths.configuration,
      JSON.stringify({ ...emptyConfiguration('s'), certificates }),
    );
    expect(body).toContain('certificates.c1.key');
    expect(body).not.toContain('SECRET');
  });

  it('refuses a body over the limit before it has read it', async () => {
    const socket = connect(relay.socketPath);
    socket.write('PUT /configuration HTTP/1.1\r\nhost: relay\r\ncontent-length: 99999999999\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('control.body-too-large');
    socket.destroy();
  });

  it('says why caravan.control cannot be reached, and refuses other names', async () => {
    await expect(relay.plane.openControl()).rejects.toMatchObject({ code: 'control.unreachable', status: 503 });
    const socket = connect(relay.socketPath);
    socket.write('CONNECT example.org:80 HTTP/1.1\r\nhost: example.org\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 404 .*control.not-found/s);
    socket.destroy();
  });

  it('survives garbage', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const socket = connect(relay.socketPath);
      socket.on('error', () => undefined);
      socket.end(Buffer.concat([Buffer.from(seed % 2 ? 'PUT /configuration HTTP/1.1\r\n' : ''), bytes(5_000, seed)]));
      socket.resume();
      await once(socket, 'close');
    }
    expect(relay.isAlive()).toBe(true);
    expect(relay.log()).not.toContain('"level":"error"');
  });

  it('streams an observation at once, and another after a change', async () => {
    const seen: Observation[] = [];
    const stop = relay.plane.watch((observation) => seen.push(observation));
    await eventually('an observation', () => seen.length === 1);
    const connector = {
      kind: 'connector',
      id: 'c1',
      networkId: 'n1',
      address: 'a',
      host: '127.0.0.1',
      port: 9,
    } as const;
    await relay.plane.apply({ ...emptyConfiguration('s'), connectors: [connector] });
    await eventually('the connector is applied', () => seen.at(-1)?.items['connector/c1']?.state === 'applied');
    stop();
  });

  it('never repeats a key that it was given', async () => {
    const world = new World();
    const credential = world.backboneSite('s');
    await relay.plane.apply({
      ...emptyConfiguration('s'),
      certificates: { site: credential, bad: { chain: 'x', key: 'KEY-TEXT' } },
    });
    const shown =
      relay.log() + JSON.stringify(await relay.plane.observe()) + (await send('GET', relayPaths.metrics)).body;
    for (const secret of ['PRIVATE KEY', 'KEY-TEXT', credential.key.split('\n')[1]!])
      expect(shown).not.toContain(secret);
  });
});

describe('The process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'caravan-relay-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const started = (socketPath: string, handOver?: HandOver): Promise<{ code: number | null; log: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [mainFile, '--socket', socketPath], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        serialization: 'advanced',
      });
      if (handOver) child.send(handOver);
      let log = '';
      child.stdout!.on('data', (data: Buffer) => (log += data.toString()));
      child.on('close', (code) => resolve({ code, log })); // 'exit' may come before the last of the log
    });

  it('ends when its parent has gone, and leaves no socket', async () => {
    const relay = await startRelay();
    const exited = once(relay.child, 'exit');
    relay.child.stdin!.destroy();
    expect((await exited)[0]).toBe(0);
    expect(() => statSync(relay.socketPath)).toThrow('ENOENT');
    await relay.stop();
  });

  it('does not start in a directory that is open to others', async () => {
    chmodSync(directory, 0o755);
    const { code, log } = await started(join(directory, 's'));
    chmodSync(directory, 0o700);
    expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('chmod 700') });
  });

  it('does not take the socket of another relay, but that of one that was killed', async () => {
    const relay = await startRelay();
    const configuration = Buffer.from(JSON.stringify(emptyConfiguration('r1')));
    const { code, log } = await started(relay.socketPath, { configuration });
    expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('another relay listens') });
    expect(log).not.toContain('handed over'); // it would have carried, beside the one that is there
    relay.child.kill('SIGKILL');
    await once(relay.child, 'exit');
    const heir = spawn(process.execPath, [mainFile, '--socket', relay.socketPath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await relay.plane.observe().catch(() => undefined);
    await eventually('the heir answers', () => relay.plane.observe().catch(() => undefined));
    heir.kill();
    await once(heir, 'exit');
    await relay.stop();
  });

  it('is asked for its configuration again by a client that outlived it', async () => {
    const relay = await startRelay();
    const told: string[] = [];
    const { socketPath } = relay;
    const client = new RelayDataPlane({
      socketPath,
      onConnected: () => void told.push('connected'),
      onDisconnected: () => void (told.at(-1) !== 'away' && told.push('away')),
    });
    await eventually('it is connected', () => told.length === 1);
    relay.child.kill('SIGKILL');
    await eventually('it is alone', () => told.length === 2);
    await expect(client.apply(emptyConfiguration('s'))).rejects.toMatchObject({ code: 'relay.unavailable' });
    const heir = spawn(process.execPath, [mainFile, '--socket', socketPath], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually('it is connected again', () => told.length === 3);
    expect(told).toEqual(['connected', 'away', 'connected']);
    await client.apply(emptyConfiguration('s'));
    await client.close();
    heir.kill();
    await once(heir, 'exit');
    await relay.stop();
  });
});
