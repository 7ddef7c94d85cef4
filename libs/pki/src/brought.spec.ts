import { describe, expect, it } from 'vitest';
import type { KeyObject } from 'node:crypto';
import { readBroughtPem, readBroughtPkcs12 } from './brought.js';
import { codeOf } from './code-of.fixture.js';
import { exportPrivateKey } from './keys.js';
import { PkiError } from './pki-error.js';
import { Secret } from './secret.js';
import { tree } from './tree.fixture.js';

const passphrase = new Secret('correct horse');
const { authorities } = tree();
const { root, backboneCa } = authorities;
const plain = (key: KeyObject): Secret<string> => exportPrivateKey(key);
const encrypted = (key: KeyObject): Secret<string> =>
  new Secret(
    key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: passphrase.reveal() }).toString(),
  );

describe('a credential in PEM', () => {
  const certificates = root.certificatePem + backboneCa.certificatePem;
  const { privateKey } = backboneCa.keyPair;

  it('is the certificate that belongs to the key, wherever it stands', () => {
    const brought = readBroughtPem({ certificates, key: plain(privateKey) });
    expect(brought.certificatePem).toBe(backboneCa.certificatePem);
    expect(brought.others).toEqual([root.certificatePem]);
    expect(brought.privateKey.equals(privateKey)).toBe(true);
  });

  it('may be one text, with words around', () => {
    const text = `my CA\n${plain(privateKey).reveal()}\n${certificates}`;
    expect(readBroughtPem({ certificates: text, key: new Secret(text) }).certificatePem).toBe(
      backboneCa.certificatePem,
    );
  });

  it.each<[string, (key: KeyObject) => string]>([
    ['PKCS#8', (key) => encrypted(key).reveal()],
    [
      'the older form',
      (key) =>
        key.export({ type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'correct horse' }).toString(),
    ],
  ])('may have its key encrypted as %s', (_, form) => {
    const key = new Secret(form(privateKey));
    const read = (word?: Secret<string>) => readBroughtPem({ certificates, key, ...(word && { passphrase: word }) });
    expect(read(passphrase).privateKey.equals(privateKey)).toBe(true);
    expect(codeOf(() => read(new Secret('wrong')))).toBe('credential.wrong-passphrase');
    expect(codeOf(() => read())).toBe('credential.wrong-passphrase');
  });

  it.each<[string, string, Secret<string>, string]>([
    ['no certificate', '', plain(privateKey), 'credential.incomplete'],
    ['no certificate of this key', root.certificatePem, plain(privateKey), 'credential.incomplete'],
    ['no key', certificates, new Secret(certificates), 'credential.malformed'],
    ['a damaged certificate', certificates.replace('MII', '***'), plain(privateKey), 'certificate.malformed'],
    ['bytes that are no certificate', pemOf('nothing'), plain(privateKey), 'certificate.malformed'],
  ])('is refused with %s', (_, text, key, code) => {
    expect(codeOf(() => readBroughtPem({ certificates: text, key }))).toBe(code);
  });

  it('never says what was in the key', () => {
    const key = new Secret(plain(privateKey).reveal().replace('MI', 'XX'));
    const error = thrownBy(() => readBroughtPem({ certificates, key }));
    expect(error.message).toBe('credential.malformed: there is no PEM private key that can be read');
    expect(error.cause).toBeUndefined();
  });
});

describe('a credential in PKCS#12', () => {
  it.each(['nonsense', '', '\x30\x03\x02\x01\x03'])('is refused when it is %j', async (text) => {
    await expect(readBroughtPkcs12(Buffer.from(text), passphrase)).rejects.toMatchObject({
      code: 'credential.malformed',
    });
  });
});

function pemOf(text: string): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(text.repeat(6)).toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof PkiError) return error;
  }
  throw new Error('nothing was refused');
}
