import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCsr,
  exportPrivateKey,
  generateKeyPair,
  issueCertificate,
  randomSerial,
  readCsr,
  selfSignRoot,
} from '@caravan/pki';
import { eventually, whileFrozen } from '@caravan/testing';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import type { NatsConnection } from '@nats-io/transport-node';
import { connect, nkeys } from '@nats-io/transport-node';
import { createLog, createMetrics, Ended, Health, natsOptions, openNats, siteProtocolOptions } from '../index.js';
import type { NatsVariables, Service } from '../index.js';

describe('a connection to NATS', () => {
  let directory: string;
  let server: TestNats;
  let variables: NatsVariables;
  /** Another certificate and key of the client. */
  let renewed: () => void;
  const open: NatsConnection[] = [];
  const file = (name: string) => join(directory, name);
  const newService = (): Service => ({
    name: 'router-config',
    log: createLog('test', 'fatal'),
    health: new Health(),
    metrics: createMetrics('test'),
  });
  async function connected(service: Service, more: Partial<NatsVariables> = {}): Promise<NatsConnection> {
    const connection = await openNats(natsOptions({ ...variables, ...more }, service.name), service);
    open.push(connection);
    return connection;
  }

  /** Our own PKI, as small as it can be: a root, the server and a client. */
  function writeCredentials(): void {
    const now = new Date();
    const rootKey = generateKeyPair();
    const root = selfSignRoot({ commonName: 'Test root', keyPair: rootKey, serial: randomSerial(), now });
    const caKey = generateKeyPair();
    const ca = issueCertificate({
      profile: 'managementCa',
      issuer: { certificatePem: root.certificatePem, privateKey: rootKey.privateKey },
      publicKey: caKey.publicKey,
      commonName: 'Test management CA',
      installation: 'acme',
      serial: randomSerial(),
      now,
    });
    const issuer = { certificatePem: ca.certificatePem, privateKey: caKey.privateKey };
    const leaf = (name: string, what: Partial<Parameters<typeof issueCertificate>[0]>) => {
      const keyPair = generateKeyPair();
      const { publicKey } = readCsr(createCsr({ subject: { commonName: name }, keyPair }));
      const common = { issuer, publicKey, commonName: name, installation: 'acme', serial: randomSerial(), now };
      const { certificatePem } = issueCertificate({ profile: 'service', ...common, ...what });
      writeFileSync(file(`${name}.pem`), certificatePem + ca.certificatePem);
      writeFileSync(file(`${name}.key`), exportPrivateKey(keyPair.privateKey).reveal());
    };
    writeFileSync(file('root.pem'), root.certificatePem);
    renewed = () => leaf('client', { identity: 'spiffe://acme/service/router-config' });
    leaf('server', { profile: 'natsServer', hosts: ['localhost', '127.0.0.1'] });
    leaf('client', { identity: 'spiffe://acme/service/router-config' });
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-nats-'));
    writeCredentials();
    const user = nkeys.createUser();
    writeFileSync(file('seed'), `${new TextDecoder().decode(user.getSeed())}\n`);
    const config = `
      tls { cert_file: "${file('server.pem')}", key_file: "${file('server.key')}", ca_file: "${file('root.pem')}", verify: true, handshake_first: true }
      authorization { users: [ { nkey: "${user.getPublicKey()}", permissions: { publish: "caravan.>", subscribe: "_INBOX_router-config.>" } } ] }`;
    server = await launchNats({ config });
    variables = {
      NATS_URL: server.url.replace('nats://', 'tls://'),
      NATS_CA_FILE: file('root.pem'),
      NATS_CERT_FILE: file('client.pem'),
      NATS_KEY_FILE: file('client.key'),
      NATS_NKEY_SEED_FILE: file('seed'),
      NATS_TLS_HANDSHAKE_FIRST: true,
    };
  });
  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is made by nkey over mutual TLS, with an inbox of its own', async () => {
    const service = newService();
    const connection = await connected(service);
    expect(service.health.troubles()).toEqual([]);
    expect(connection.info?.client_ip).toBeDefined();
    await expect(connection.request('caravan.nobody', '')).rejects.toThrow(/no responders/);
  });

  it('says that it is lost, and comes back', async () => {
    const service = newService();
    const connection = await connected(service);
    await server.kill();
    await eventually('trouble', () => service.health.troubles().length > 0);
    expect(service.health.troubles()).toEqual([
      { component: 'nats', says: expect.stringContaining('is lost; reconnecting') },
    ]);
    await server.restart();
    await eventually('no trouble', () => service.health.troubles().length === 0);
    await connection.flush();
  });

  it('waits for a server, says what for, and shows no credentials', async () => {
    const service = newService();
    await server.kill();
    const opening = connected(service, { NATS_URL: variables.NATS_URL.replace('tls://', 'tls://user:hunter2@') });
    await eventually('it is refused', () => service.health.troubles()[0]?.says.includes('refused'));
    const { says } = service.health.troubles()[0]!;
    expect(says).toContain(`no connection to 127.0.0.1:${server.port}`);
    expect(says).not.toContain('hunter2');
    await server.restart();
    await opening;
    expect(service.health.troubles()).toEqual([]);
  });

  it('waits no longer when the service is to end', async () => {
    const ending = new AbortController();
    await server.kill();
    const opening = connected({ ...newService(), ending: ending.signal });
    await new Promise((resolve) => setTimeout(resolve, 400));
    ending.abort();
    await expect(opening).rejects.toThrow(Ended);
    await server.restart();
  });

  it('is made with whichever server is up, and keeps the others in mind', async () => {
    const connection = await connected(newService(), { NATS_URL: `tls://127.0.0.1:1,${variables.NATS_URL}` });
    await connection.flush();
    expect(connection.getServer()).toContain(String(server.port));
  });

  it('is made anew with what is on disk now, and stays as it is while that does not fit together', async () => {
    const service = newService();
    const connection = await openNats(natsOptions(variables, service.name), service, 'nats', 50);
    open.push(connection);
    const seen: string[] = [];
    void (async () => {
      for await (const { type } of connection.status()) seen.push(type);
    })();
    const idBefore = connection.info!.client_id;
    const before = ['client.pem', 'client.key'].map((name) => readFileSync(file(name), 'utf8'));
    writeFileSync(file('client.key'), exportPrivateKey(generateKeyPair().privateKey).reveal());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toEqual([]);
    writeFileSync(file('client.key'), before[1]!);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen).toEqual([]); // as it was
    renewed();
    await eventually('it has come back', () => seen.includes('reconnect'));
    expect(connection.info!.client_id).not.toBe(idBefore);
    await expect(connection.request('caravan.nobody', '')).rejects.toThrow(/no responders/);
  });

  it('takes no other credentials while it hands over its last messages', async () => {
    const lines: string[] = [];
    const service = { ...newService(), log: createLog('test', 'info', { write: (line) => void lines.push(line) }) };
    const connection = await openNats(natsOptions(variables, service.name), service, 'nats', 50);
    await new Promise((resolve) => setTimeout(resolve, 200)); // it has seen what it has
    await whileFrozen([server.pid], async () => {
      void connection.drain(); // whose end the server has to say
      renewed();
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(await connection.closed()).toBeUndefined();
    expect(lines.filter((line) => line.includes('connecting anew'))).toEqual([]);
  });

  it('needs both halves of a client certificate', () => {
    const { NATS_KEY_FILE: _, ...half } = variables;
    expect(() => natsOptions(half, 'test')).toThrow('NATS_KEY_FILE is missing');
  });

  it('that answers sites signs in as another user, which has to be told when the first was', async () => {
    const options = natsOptions(variables, 'test');
    expect(() => siteProtocolOptions(options, {})).toThrow('SITES_NKEY_SEED_FILE is missing');
    const { authenticator: _, ...anybody } = options;
    expect(siteProtocolOptions(anybody, {})).toEqual(anybody);
    writeFileSync(file('stranger.nk'), nkeys.createUser().getSeed());
    const stranger = siteProtocolOptions(options, { SITES_NKEY_SEED_FILE: file('stranger.nk') });
    const once = { ...stranger, ignoreAuthErrorAbort: false, maxReconnectAttempts: 0 };
    await expect(connect(once)).rejects.toThrow(/authorization violation/i);
  });
});
