import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '@caravan/platform';
import { CA_EXTENSIONS, OwnRoot, poolOn, usePostgres } from '@caravan/testing/servers';
import { init } from './init.js';

describe('a root of the administrator', () => {
  const postgres = usePostgres();
  let own: OwnRoot;
  let database: string;
  beforeEach(async () => {
    own = new OwnRoot();
    database = await postgres().createDatabase();
    writeFileSync(at('word'), 'correct horse\n');
  });
  afterEach(() => own.remove());

  const at = (name: string) => own.at(name);
  const text = (name: string) => readFileSync(at(name), 'utf8');
  const run = (...root: string[]) =>
    init(['--out', at('out'), '--installation', 'acme', ...root], {
      DATABASE_URL: database,
      PKI_MASTER_KEY_FILE: at('master.key'),
      LOG_LEVEL: 'error',
    });
  const files = (certificate = 'root.pem', key = 'root.key') => [
    '--root-certificate',
    at(certificate),
    '--root-key',
    at(key),
  ];
  const word = () => ['--root-passphrase-file', at('word')];
  const refusal = async (...args: string[]): Promise<ConfigurationError> => {
    const error = await run(...args).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    return error as ConfigurationError;
  };
  const isTheRoot = (): void => {
    expect(text('out/root.pem').trim()).toBe(/-----BEGIN[^]*-----END CERTIFICATE-----/.exec(text('root.pem'))![0]);
    const chain = ['-CAfile', 'root.pem', '-untrusted', 'out/management-ca.pem'];
    expect(own.openssl('verify', '-x509_strict', ...chain, 'out/nats-server.pem')).toContain('OK');
  };

  it.each(['EC P-256', 'EC P-384', 'RSA 2048'])('of %s signs what NATS and the services start with', async (key) => {
    own.make(CA_EXTENSIONS, key);
    await run(...files());
    isTheRoot();
    // From now on its key lies sealed, and its files may go.
    rmSync(at('root.key'));
    await run();
    isTheRoot();
  });

  it.each<[string, () => string[]]>([
    [
      'its certificate and key in one file',
      () => {
        writeFileSync(at('both.pem'), text('root.key') + text('root.pem'));
        return ['--root-certificate', at('both.pem')];
      },
    ],
    [
      'an encrypted key',
      () => {
        own.sealKey('correct horse');
        return [...files('root.pem', 'sealed.key'), ...word()];
      },
    ],
    [
      'PKCS#12',
      () => {
        const pair = ['-in', 'root.pem', '-inkey', 'root.key', '-passout', 'pass:correct horse'];
        own.openssl('pkcs12', '-export', ...pair, '-out', 'root.p12');
        return ['--root-certificate', at('root.p12'), ...word()];
      },
    ],
  ])('comes as %s', async (_, brought) => {
    own.make();
    await run(...brought());
    isTheRoot();
  });

  it('is told of in the log as imported, and its key lies sealed', async () => {
    own.make();
    await run(...files());
    const pool = poolOn(database, { options: '-c search_path=pki' });
    const { rows } = await pool.query<{ origin: string; all: string }>(
      `select event->>'origin' as origin, a::text as all from authorities a where kind = 'root'`,
    );
    await pool.end();
    expect(rows[0]?.origin).toBe('imported');
    const { d } = createPrivateKey(text('root.key')).export({ format: 'jwk' });
    const forms = (['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(d!, 'base64url').toString(form));
    for (const form of forms) expect(rows[0]?.all).not.toContain(form);
  });

  it('is refused with all that is wrong with it, and nothing is written', async () => {
    own.make(['basicConstraints=critical,CA:TRUE,pathlen:1', 'keyUsage=critical,keyCertSign'], 'RSA 1024');
    const says = (await refusal(...files())).wrong.map((each) => each.says).join('\n');
    for (const words of ['path length is 1', 'keyUsage lacks cRLSign', 'RSA of 2048']) expect(says).toContain(words);
    expect([existsSync(at('out')), existsSync(at('master.key'))]).toEqual([false, false]);
  });

  it.each<[string, () => string[], string]>([
    ['is no CA', () => (own.make(['basicConstraints=critical,CA:FALSE']), files()), 'CA:TRUE'],
    [
      'has the key of another',
      () => (own.make(), own.makeOtherKey('other.key'), files('root.pem', 'other.key')),
      'none of the certificates belongs to the private key',
    ],
    ['stands below another', () => (own.make(), own.makeBelow(), files('sub.pem', 'sub.key')), 'not self-signed'],
    [
      'permits the names of others only',
      () => (own.make([...CA_EXTENSIONS, 'nameConstraints=permitted;URI:other']), files()),
      'do not permit the URIs of acme',
    ],
    [
      'has a key that another word opens',
      () => (own.make(), own.sealKey('another'), [...files('root.pem', 'sealed.key'), ...word()]),
      'the passphrase does not open the key',
    ],
    ['is not there', () => ['--root-certificate', at('nothing.pem')], 'cannot be read (ENOENT)'],
    ['is no certificate', () => ['--root-certificate', at('word')], 'cannot be read'],
  ])('is refused when it %s', async (_, brought, words) => {
    expect((await refusal(...brought())).message).toContain(words);
    expect(existsSync(at('out'))).toBe(false);
  });

  it('does not take the place of one that is there', async () => {
    await run();
    const before = text('out/root.pem');
    own.make();
    expect((await refusal(...files())).message).toContain('another one than the root of this installation');
    expect(text('out/root.pem')).toBe(before);
  });
});
