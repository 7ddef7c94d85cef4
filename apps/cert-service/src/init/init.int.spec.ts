import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCertificate, identityOf, splitChain, verifyChain } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import { usePostgres } from '@caravan/testing/servers';
import { init } from './init.js';

const SITE = '0199d1b0-0000-7000-8000-000000000001';

describe('init', () => {
  const postgres = usePostgres();
  let directory: string;
  let database: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-init-'));
    database = await postgres().createDatabase();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const out = () => join(directory, 'out');
  const file = (name: string) => readFileSync(join(out(), name), 'utf8');
  const all = () => Object.fromEntries(readdirSync(out()).map((name) => [name, file(name)]));
  const environment = (more: NodeJS.ProcessEnv = {}) => ({
    DATABASE_URL: database,
    PKI_MASTER_KEY_FILE: join(directory, 'master.key'),
    LOG_LEVEL: 'error',
    ...more,
  });
  const run = (more: string[] = [], variables: NodeJS.ProcessEnv = {}) =>
    init(['--out', out(), '--installation', 'acme', '--management-site', SITE, ...more], environment(variables));

  it('makes what NATS, the services and the management site start with', async () => {
    await run([
      '--nats-host',
      'nats.example',
      '--nats-host',
      '10.1.2.3',
      '--api-host',
      'api.example',
      '--administrator',
      'ada',
    ]);
    expect(readdirSync(out()).sort()).toEqual(
      [
        ...['administrator-ada', 'api-server', 'cert-service', 'management-controller', 'management-site'],
        ...['nats-server', 'router-config'],
      ]
        .flatMap((name) => [`${name}.key`, `${name}.pem`])
        .concat('management-ca.pem', 'root.pem')
        .sort(),
    );
    const root = file('root.pem');
    expect(describeCertificate(root)).toMatchObject({
      isCa: true,
      subject: 'CN=Caravan generated root (embedded default)',
    });
    const [server, ...chain] = splitChain(file('nats-server.pem'));
    expect(describeCertificate(server!).hosts).toEqual([
      'localhost',
      '127.0.0.1',
      'caravan.control',
      'nats.example',
      '10.1.2.3',
    ]);
    expect(chain).toEqual([file('management-ca.pem')]);
    expect(verifyChain(server!, chain, [root], new Date(), 'server')).toMatchObject({ ok: true });
    const identity = (name: string) => identityOf(splitChain(file(`${name}.pem`))[0]!, 'acme');
    expect(identity('router-config')).toMatchObject({ kind: 'service', name: 'router-config' });
    expect(identity('administrator-ada')).toMatchObject({ kind: 'administrator', name: 'ada' });
    const api = splitChain(file('api-server.pem'));
    expect(describeCertificate(api[0]!)).toMatchObject({ hosts: ['localhost', '127.0.0.1', 'api.example'], uris: [] });
    expect(identity('management-site')).toMatchObject({ kind: 'management-site', siteId: SITE });
  });

  it('keeps private keys private', async () => {
    await run();
    for (const name of readdirSync(out())) {
      expect([name, statSync(join(out(), name)).mode & 0o777]).toEqual([name, name.endsWith('.key') ? 0o600 : 0o644]);
    }
    expect(statSync(join(directory, 'master.key')).mode & 0o777).toBe(0o600);
    expect(statSync(out()).mode & 0o777).toBe(0o700);
  });

  it('makes certificates that OpenSSL takes in strict mode, both ways', async () => {
    await run(['--administrator', 'ada']);
    const verify = (name: string, purpose: string) =>
      execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-purpose',
          purpose,
          '-CAfile',
          'root.pem',
          '-untrusted',
          'management-ca.pem',
          `${name}.pem`,
        ],
        { cwd: out(), encoding: 'utf8', stdio: 'pipe' },
      );
    expect(verify('nats-server', 'sslserver')).toContain('OK');
    expect(verify('api-server', 'sslserver')).toContain('OK');
    expect(verify('cert-service', 'sslclient')).toContain('OK');
    expect(verify('administrator-ada', 'sslclient')).toContain('OK');
    expect(() => verify('cert-service', 'sslserver')).toThrow();
  });

  it('makes credentials that a TLS server and a client meet with', async () => {
    await run();
    const ca = file('root.pem');
    const server = createServer(
      { cert: file('nats-server.pem'), key: file('nats-server.key'), ca, requestCert: true, rejectUnauthorized: true },
      (socket) => socket.end(socket.getPeerCertificate().subjectaltname ?? ''),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const said = await new Promise<string>((resolve, reject) => {
      const client = connect({
        host: '127.0.0.1',
        port,
        ca,
        servername: 'caravan.control',
        cert: file('management-controller.pem'),
        key: file('management-controller.key'),
      });
      client.on('data', (data: Buffer) => resolve(data.toString())).on('error', reject);
    });
    server.close();
    expect(said).toBe('URI:spiffe://acme/service/management-controller');
  });

  it('changes nothing when it runs again', async () => {
    await run();
    const before = all();
    await run();
    expect(all()).toEqual(before);
  });

  it('goes on where it was killed: the same certificate for a key whose certificate never reached the disk', async () => {
    await run();
    const before = all();
    for (const name of ['nats-server.pem', 'cert-service.pem', 'root.pem']) rmSync(join(out(), name));
    await run();
    expect(all()).toEqual(before);
  });

  it('issues anew when a key is gone or the hosts changed, and leaves the rest', async () => {
    await run();
    const before = all();
    rmSync(join(out(), 'router-config.key'));
    await run(['--nats-host', 'nats.example']);
    const named = all();
    await run(['--administrator', 'ada']); // who adds somebody takes no name away
    expect(all()).toMatchObject(named);
    const changed = Object.entries(named).filter(([name, text]) => before[name] !== text);
    expect(changed.map(([name]) => name).sort()).toEqual(
      ['nats-server', 'router-config'].flatMap((name) => [`${name}.key`, `${name}.pem`]),
    );
  });

  it.each([
    ['before its key took its place', ['key', 'pem']],
    ['before its certificate took its place', ['pem']],
  ])('goes on where it was killed %s, with what was issued', async (_, notYet) => {
    await run();
    const before = all();
    await run(['--nats-host', 'nats.example']);
    const after = all();
    for (const kind of notYet) writeFileSync(join(out(), `nats-server.${kind}`), before[`nats-server.${kind}`]!);
    writeFileSync(join(out(), 'nats-server.next.key'), after['nats-server.key']!);
    await run(['--nats-host', 'nats.example']);
    expect(all()).toEqual(after);
  });

  it('makes one root when two run at once', async () => {
    await Promise.all([run(), run()]);
    const [leaf, ...chain] = splitChain(file('cert-service.pem'));
    expect(verifyChain(leaf!, chain, [file('root.pem')], new Date())).toMatchObject({ ok: true });
    const before = all();
    await run();
    expect(all()).toEqual(before);
  });

  it.each([
    ['another master key', { PKI_MASTER_KEY_FILE: undefined, PKI_MASTER_KEY: 'ab'.repeat(32) }, 'PKI_MASTER_KEY'],
    ['a master key that is none', { PKI_MASTER_KEY_FILE: undefined, PKI_MASTER_KEY: 'short' }, 'PKI_MASTER_KEY'],
    ['no master key', { PKI_MASTER_KEY_FILE: undefined }, 'PKI_MASTER_KEY_FILE'],
    ['two master keys', { PKI_MASTER_KEY: 'ab'.repeat(32) }, 'PKI_MASTER_KEY_FILE'],
  ])('refuses %s, and does no harm', async (_, variables, variable) => {
    await run();
    const before = all();
    const refusal = await run([], variables).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as ConfigurationError).wrong[0]?.variable).toBe(variable);
    expect((refusal as Error).message).not.toContain('abab');
    await run();
    expect(all()).toEqual(before);
  });

  it('does not replace a lost master key by a new one', async () => {
    await run();
    rmSync(join(directory, 'master.key'));
    await expect(run()).rejects.toThrow('PKI_MASTER_KEY_FILE cannot be read');
  });

  it('refuses a database of another installation', async () => {
    await run();
    await expect(init(['--out', out(), '--installation', 'other'], environment())).rejects.toThrow(
      'CARAVAN_INSTALLATION',
    );
  });

  it('refuses a key file that holds something else, and leaves it', async () => {
    await run();
    writeFileSync(join(out(), 'cert-service.key'), 'not a key');
    await expect(run()).rejects.toThrow('key.malformed');
    expect(file('cert-service.key')).toBe('not a key');
  });
});
