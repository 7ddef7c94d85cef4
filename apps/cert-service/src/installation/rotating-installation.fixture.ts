import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  INSTALLATION_TRUST_SUBJECT,
  installationTrustReplySchema,
  RevocationRequested,
  revocationStream,
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  rotationStream,
} from '@caravan/events';
import type { InstallationTrustReply, RevocationEvent, RotationEvent } from '@caravan/events';
import { ensureLog, JetStreamEventStore } from '@caravan/event-store/jetstream';
import { describeCertificate, splitChain } from '@caravan/pki';
import { installationOwnerId, newId, readConfig } from '@caravan/platform';
import type { Running } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import { nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { certificateIdOf, credentialOf } from '../credentials/credential.js';
import { newService } from '../installation.fixture.js';
import { init } from '../init/init.js';
import { serve } from '../serve.js';
import { certServiceVariables } from '../variables.js';

const owner = { kind: 'installation' } as const;
const ownerId = installationOwnerId('acme');
const seen = { confirmed: 1, without: 0, withoutSites: [] };
type Phase = 'listeners' | 'diallers' | 'retire';

/** An installation that speaks TLS, with a certificate service that keeps its credentials; whoever rotates it is the spec. */
export class RotatingInstallation {
  readonly directory = mkdtempSync(join(tmpdir(), 'caravan-rotating-'));
  readonly #rotationId = newId();
  nats!: TestNats;
  administrator!: NatsConnection;
  running!: Running;

  constructor(private readonly database: string) {}

  at(name: string): string {
    return join(this.directory, name);
  }

  text(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  init(...more: string[]): Promise<void> {
    return init(['--out', this.directory, ...more], this.environment());
  }

  async open(...root: string[]): Promise<this> {
    await this.init(...root);
    const key = nkeys.createUser();
    writeFileSync(this.at('seed'), key.getSeed(), { mode: 0o600 });
    const config = `
      tls { cert_file: "${this.at('nats-server.pem')}", key_file: "${this.at('nats-server.key')}", ca_file: "${this.at('root.pem')}", verify: true, handshake_first: true }
      authorization { users: [ { nkey: "${key.getPublicKey()}" } ] }`;
    this.nats = await launchNats({ jetstream: true, config });
    this.administrator = await this.nats.connect({
      tls: {
        caFile: this.at('root.pem'),
        certFile: this.at('management-controller.pem'),
        keyFile: this.at('management-controller.key'),
        handshakeFirst: true,
      },
      authenticator: nkeyAuthenticator(readFileSync(this.at('seed'))),
    });
    await ensureLog(this.administrator);
    await this.serve();
    return this;
  }

  async serve(): Promise<void> {
    const variables = {
      ...this.environment(),
      NATS_URL: this.nats.url.replace('nats://', 'tls://'),
      NATS_CA_FILE: this.at('root.pem'),
      NATS_CERT_FILE: this.at('cert-service.pem'),
      NATS_KEY_FILE: this.at('cert-service.key'),
      NATS_NKEY_SEED_FILE: this.at('seed'),
      NATS_TLS_HANDSHAKE_FIRST: 'true',
      CREDENTIALS_DIRECTORY: this.directory,
    };
    this.running = await serve(readConfig(certServiceVariables, variables), newService());
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.nats.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  begin(): Promise<void> {
    const of = { ownerId, rotationId: this.#rotationId, owner, ordinal: 2 };
    return this.append(RotationBegun({ ...of, cause: 'requested', patienceSeconds: null }));
  }

  to(phase: Phase): Promise<void> {
    const of = { ownerId, rotationId: this.#rotationId, owner, ordinal: 2 };
    return this.append(RotationAdvanced({ ...of, phase, ...seen }));
  }

  finish(): Promise<void> {
    return this.append(RotationFinished({ ownerId, rotationId: this.#rotationId, ordinal: 2, ...seen }));
  }

  /** As an operator does who has put the files in place. */
  reload(): void {
    process.kill(this.nats.pid, 'SIGHUP');
  }

  async look(): Promise<InstallationTrustReply> {
    const answer = await this.administrator.request(INSTALLATION_TRUST_SUBJECT, '{}', { timeout: 10_000 });
    return installationTrustReplySchema.parse(answer.json());
  }

  async sees(accepts: readonly number[], shows: number): Promise<void> {
    await eventually(`nats-server accepts ${accepts.join(' and ')} and shows ${shows}`, async () => {
      const { servers } = await this.look();
      return servers.every((each) => each.accepts.join() === accepts.join() && each.shows === shows);
    });
  }

  /** The ordinals of the authorities in a file, and by which one credentials are. */
  holds(): { roots: number; server: string; service: string } {
    const issuer = (name: string) => describeCertificate(splitChain(this.text(name))[0]!).issuer;
    return {
      roots: splitChain(this.text('root.pem')).length,
      server: issuer('nats-server.pem'),
      service: issuer('router-config.pem'),
    };
  }

  async untilFilesAreAt(ordinal: number, phase: string | null): Promise<void> {
    await eventually(`files are as of ${ordinal} ${phase}`, async () => {
      const { files } = await this.look();
      return files?.ordinal === ordinal && files.phase === phase;
    });
  }

  private environment(): Record<string, string> {
    return {
      CARAVAN_INSTALLATION: 'acme',
      DATABASE_URL: this.database,
      PKI_MASTER_KEY_FILE: this.at('master.key'),
      LOG_LEVEL: 'error',
    };
  }

  /** Of an administrator, the first. */
  async revoke(name: string): Promise<void> {
    const holder = { kind: 'administrator', name } as const;
    const { fingerprint, serial, notAfter } = describeCertificate(
      splitChain(this.text(`administrator-${name}.pem`))[0]!,
    );
    const certificateId = certificateIdOf('acme', credentialOf(holder), 1);
    const signed = { issuerId: newId(), fingerprint, serial, notAfter };
    const target = { kind: 'certificate', certificateId, holder, backboneId: null, ...signed } as const;
    const revocationId = newId();
    const event = RevocationRequested({ revocationId, target, name, reason: 'key-compromise' });
    await this.append(event, revocationStream(revocationId));
  }

  private async append(event: RotationEvent | RevocationEvent, stream = rotationStream(ownerId)): Promise<void> {
    const log = new JetStreamEventStore(this.administrator);
    const { revision, lastCommitHash } = await log.read(stream);
    const metadata = {
      commandId: newId(),
      now: new Date(),
      actor: { kind: 'administrator', id: 'a' },
      via: 'api',
      source: 'test',
      correlationId: 'request',
      causationId: 'request',
      ownerGroup: null,
    } as const;
    const options = { expectedRevision: revision, previousHash: lastCommitHash, metadata };
    expect((await log.append(stream, [event], options)).outcome).toBe('appended');
  }
}
