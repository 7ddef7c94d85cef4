import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BackboneCreated,
  backboneStream,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  MemberAdmitted,
  memberStream,
  NetworkCreated,
  networkStream,
} from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { ensureLog, JetStreamEventStore, logPermissions } from '@caravan/event-store/jetstream';
import { readConfig } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { launchNats, poolOn, usePostgres } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import { nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { csrOf, newIds, newService } from '../installation.fixture.js';
import { serve } from '../serve.js';
import { certServiceVariables } from '../variables.js';
import { init } from './init.js';

/** As an installation starts: NATS runs with what `init` made, and lets in whom its configuration names. */
describe('the first start of an installation', () => {
  const postgres = usePostgres();
  let directory: string;
  let nats: TestNats;
  let administrator: NatsConnection;
  let environment: NodeJS.ProcessEnv;
  const file = (name: string) => join(directory, name);
  const metadata = {
    now: new Date(),
    actor: { kind: 'administrator', id: 'a' },
    via: 'api',
    source: 'test',
    correlationId: 'request',
    causationId: 'request',
    ownerGroup: null,
  } as const;

  function user(name: string): string {
    const key = nkeys.createUser();
    writeFileSync(file(`${name}.seed`), key.getSeed(), { mode: 0o600 });
    return key.getPublicKey();
  }

  const credentials = (name: string) => ({
    tls: {
      caFile: file('root.pem'),
      certFile: file(`${name}.pem`),
      keyFile: file(`${name}.key`),
      handshakeFirst: true,
    },
  });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-first-'));
    environment = {
      CARAVAN_INSTALLATION: 'acme',
      DATABASE_URL: postgres().url,
      PKI_MASTER_KEY_FILE: file('master.key'),
      LOG_LEVEL: 'error',
    };
    await init(['--out', directory], environment);
    const reactions = ['authorities', 'installation', 'issuing'].map((name) => `cert-service-${name}`);
    const permissions = logPermissions({
      writes: ['trust'],
      reads: true,
      reactions,
      inboxPrefix: '_INBOX_cert-service',
    });
    const [everything, service] = [user('administrator'), user('cert-service')];
    const config = `
      tls { cert_file: "${file('nats-server.pem')}", key_file: "${file('nats-server.key')}", ca_file: "${file('root.pem')}", verify: true, handshake_first: true }
      authorization { users: [ { nkey: "${everything}" }, { nkey: "${service}", permissions: ${JSON.stringify(permissions)} } ] }`;
    nats = await launchNats({ jetstream: true, config });
    const seed = readFileSync(file('administrator.seed'));
    administrator = await nats.connect({
      ...credentials('management-controller'),
      authenticator: nkeyAuthenticator(seed),
    });
    await ensureLog(administrator);
  });
  afterAll(async () => {
    await nats.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('needs nothing but what `init` made, and no more permissions than its own', async () => {
    const variables = {
      ...environment,
      NATS_URL: nats.url.replace('nats://', 'tls://'),
      NATS_CA_FILE: file('root.pem'),
      NATS_CERT_FILE: file('cert-service.pem'),
      NATS_KEY_FILE: file('cert-service.key'),
      NATS_NKEY_SEED_FILE: file('cert-service.seed'),
      NATS_TLS_HANDSHAKE_FIRST: 'true',
    };
    const config = readConfig(certServiceVariables, variables);
    const service = newService();
    const running = await serve(config, service);
    try {
      const log = new JetStreamEventStore(administrator);
      const ids = newIds();
      const { backboneId, networkId } = ids;
      const append = (stream: StreamName, event: Event) =>
        log.append(stream, [event], {
          expectedRevision: 0,
          previousHash: null,
          metadata: { ...metadata, commandId: stream },
        });
      await append(
        backboneStream(backboneId),
        BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS }),
      );
      const term = { startsAt: '2020-01-01T00:00:00.000Z', endsAt: null, deleteAfterSeconds: DELETE_AFTER_SECONDS };
      await append(networkStream(networkId), NetworkCreated({ networkId, backboneId, name: 'retail', ...term }));
      const site = {
        name: 'store-1',
        siteClasses: [],
        memberAccessPoints: [],
        claimantKey: 'a'.repeat(64),
        csr: csrOf(),
        details: {},
      };
      await append(memberStream(ids.memberId), MemberAdmitted({ ...ids, ...site }));
      const found = await log.waitForStream(
        `caravan.evt.trust.certificate.${ids.certificateId}`,
        ([first]) => first?.type,
        { signal: AbortSignal.timeout(20_000) },
      );
      expect(found).toBe('CertificateIssued');
      // What was long awaited on a busy machine is said for a while.
      await eventually('no trouble', () => service.health.troubles().length === 0);
    } finally {
      await running.close();
    }
    // As after a crash: it finds in the log what its database does not know to be there.
    const pool = poolOn(postgres().url, { options: '-c search_path=pki' });
    await pool.query('update certificates set recorded = false');
    await pool.end();
    await (await serve(config, newService())).close();
  });

  it('lets nobody in without a certificate of the root', async () => {
    const { tls } = credentials('cert-service');
    const { certFile: _c, keyFile: _k, ...without } = tls;
    await expect(nats.connect({ tls: without, maxReconnectAttempts: 0 })).rejects.toThrow();
  });
});
