import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureNkey, renderNatsConfig, startNatsServer } from '@caravan/installation';
import type { NatsConfig, NatsServer, NatsUser } from '@caravan/installation';
import {
  exportPrivateKey,
  formatIdentity,
  generateKeyPair,
  issueCertificate,
  randomSerial,
  selfSignRoot,
} from '@caravan/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { eventually } from '../eventually.js';
import { natsServerBin } from './nats.js';
import { temporaryDirectory } from './workspace.js';

/** A root, its management CA, and files for a server and a client; `name` tells one such tree from another. */
function certificates(dir: string, name: string) {
  const now = new Date();
  const authority = generateKeyPair();
  const common = { now, commonName: `${name} root`, installation: 'test' };
  const root = selfSignRoot({ ...common, serial: randomSerial(), keyPair: authority });
  const caKey = generateKeyPair();
  const ca = issueCertificate({
    ...common,
    profile: 'managementCa',
    serial: randomSerial(),
    publicKey: caKey.publicKey,
    issuer: { certificatePem: root.certificatePem, privateKey: authority.privateKey },
  });
  const leaf = (profile: 'natsServer' | 'service', hosts?: string[]): { certFile: string; keyFile: string } => {
    const key = generateKeyPair();
    const { certificatePem } = issueCertificate({
      ...common,
      profile,
      serial: randomSerial(),
      publicKey: key.publicKey,
      identity: formatIdentity({ kind: 'service', installation: 'test', name: profile.toLowerCase() }),
      ...(hosts && { hosts }),
      issuer: { certificatePem: ca.certificatePem, privateKey: caKey.privateKey },
    });
    const [certFile, keyFile] = [join(dir, `${name}-${profile}.pem`), join(dir, `${name}-${profile}.key`)];
    writeFileSync(certFile, certificatePem + ca.certificatePem);
    writeFileSync(keyFile, exportPrivateKey(key.privateKey).reveal(), { mode: 0o600 });
    return { certFile, keyFile };
  };
  const caFile = join(dir, `${name}-root.pem`);
  writeFileSync(caFile, root.certificatePem);
  return { caFile, server: leaf('natsServer', ['127.0.0.1']), client: leaf('service') };
}

describe('nats-server, configured as ours', () => {
  const { dir, remove } = temporaryDirectory('nats-config');
  const ours = certificates(dir, 'ours');
  const foreign = certificates(dir, 'foreign');
  const key = (name: string) => ensureNkey(join(dir, `${name}.nk`), 'user');
  const user = (name: string, rules: Omit<NatsUser, 'nkey'>): NatsUser => ({ nkey: key(name).publicKey, ...rules });
  const inbox = (name: string) => ({ allow: [`_INBOX_${name}.>`] });
  const config: NatsConfig = {
    serverName: 'test',
    listen: { host: '127.0.0.1', port: -1 },
    monitorPort: -1,
    tls: { ...ours.server, caFile: ours.caFile },
    jetstream: { storeDir: join(dir, 'jetstream') },
    management: {
      users: [
        user('asker', { publish: { allow: ['caravan.evt.>', 'ask'] }, subscribe: inbox('asker') }),
        user('answerer', { publish: { allow: [] }, subscribe: { allow: ['ask'] }, allowResponses: true }),
      ],
      exports: [{ kind: 'service', subject: 'caravan.site.*.sync' }],
    },
    sites: { imports: [{ kind: 'service', from: 'MGMT', subject: 'caravan.site.*.sync' }] },
    auth: {
      users: [
        user('callout', { publish: { allow: [] }, subscribe: { allow: ['$SYS.REQ.USER.AUTH'] }, allowResponses: true }),
      ],
    },
    system: { users: [user('system', { publish: { allow: ['$SYS.REQ.>'] }, subscribe: inbox('system') })] },
    callout: { issuer: ensureNkey(join(dir, 'issuer.nk'), 'account').publicKey, timeoutSeconds: 3 },
  };
  let bin: string;
  let server: NatsServer;
  const connections: NatsConnection[] = [];

  beforeAll(async () => {
    bin = await natsServerBin();
    server = await startNatsServer({ bin, dir, config: renderNatsConfig(config) });
  }, 120_000);
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
    remove();
  });

  async function dial(name: string | undefined, options: NodeConnectionOptions = {}): Promise<NatsConnection> {
    const connection = await connect({
      servers: `tls://127.0.0.1:${server.port}`,
      tls: { ...ours.client, caFile: ours.caFile, handshakeFirst: true },
      maxReconnectAttempts: 0,
      timeout: 20_000,
      ...(name !== undefined && {
        inboxPrefix: `_INBOX_${name}`,
        authenticator: nkeyAuthenticator(new TextEncoder().encode(key(name).seed.reveal())),
      }),
      ...options,
    });
    connections.push(connection);
    return connection;
  }

  it('finds nothing wrong with it, and does find something wrong with another', async () => {
    const check = async (text: string) => {
      writeFileSync(join(dir, 'check.conf'), text);
      return promisify(execFile)(bin, ['-t', '-c', join(dir, 'check.conf')]);
    };
    await check(renderNatsConfig(config));
    const wrong = renderNatsConfig(config).replace('sync_interval: always', 'sync_intervall: always');
    await expect(check(wrong)).rejects.toThrow(/sync_intervall/);
  });

  it('lets a listed user in by nkey and certificate, without asking anybody', async () => {
    const asker = await dial('asker');
    const answerer = await dial('answerer');
    answerer.subscribe('ask', { callback: (_error, message) => void message.respond('answer') });
    await answerer.flush();
    expect((await asker.request('ask', '', { timeout: 2_000 })).string()).toBe('answer');
    expect((await dial('system')).isClosed()).toBe(false);
  });

  it('confines each user to its subjects, and one that may only answer to answers', async () => {
    const seen: string[] = [];
    const answerer = await dial('answerer');
    void (async () => {
      for await (const status of answerer.status()) if (status.type === 'error') seen.push(String(status.error));
    })();
    answerer.publish('caravan.evt.made.up', '');
    await answerer.flush();
    await eventually('it is told', () => seen.length > 0);
    expect(seen.join()).toMatch(/Permissions Violation for Publish to "caravan\.evt\.made\.up"/i);
    const asker = await dial('asker');
    await expect(asker.request('caravan.site.x.sync', '', { timeout: 500 })).rejects.toThrow();
  });

  it('asks about everybody else, and refuses them when nobody answers', async () => {
    const start = performance.now();
    await expect(dial(undefined)).rejects.toThrow(/authorization violation/i);
    expect(performance.now() - start).toBeGreaterThan(2_900);
  });

  it('asks in the account of the callout, with the chain of certificates', async () => {
    const callout = await dial('callout');
    const asked = new Promise<string>((resolve) => {
      callout.subscribe('$SYS.REQ.USER.AUTH', { max: 1, callback: (_error, message) => resolve(message.string()) });
    });
    await callout.flush();
    await expect(dial(undefined)).rejects.toThrow(/authorization violation/i);
    const claims = JSON.parse(Buffer.from((await asked).split('.')[1]!, 'base64url').toString()) as {
      nats: { client_tls: { verified_chains: string[][] } };
    };
    expect(claims.nats.client_tls.verified_chains[0]).toHaveLength(3);
  });

  it('takes an unknown nkey for anybody else', async () => {
    await expect(dial('stranger')).rejects.toThrow(/authorization violation/i);
  });

  it.each([
    ['without a certificate', { caFile: ours.caFile, handshakeFirst: true }],
    ["with a foreign root's certificate", { ...foreign.client, caFile: ours.caFile, handshakeFirst: true }],
    ['that does not begin with TLS', { ...ours.client, caFile: ours.caFile }],
  ])('refuses a listed user %s', async (_what, tls) => {
    await expect(dial('asker', { tls, timeout: 1_500 })).rejects.toThrow();
  });

  it('says nothing to who does not speak TLS', async () => {
    const socket = connectTcp(server.port, '127.0.0.1');
    const heard = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve('nothing'), 500);
      socket.once('data', (data) => (clearTimeout(timer), resolve(data.toString())));
      socket.on('error', () => undefined);
    });
    socket.destroy();
    expect(heard).toBe('nothing');
  });
});
