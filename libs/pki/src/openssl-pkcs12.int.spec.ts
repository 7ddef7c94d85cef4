import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { readBroughtPkcs12 } from './brought.js';
import { exportPrivateKey } from './keys.js';
import { file, openssl, pathOf, whenPresent } from './openssl.fixture.js';
import type { KeyKind } from './randomness.js';
import { Secret } from './secret.js';
import { tree } from './tree.fixture.js';

whenPresent('a PKCS#12 file of openssl', () => {
  describe.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])('with a %s key', (keyKind) => {
    const { root, backboneCa } = tree(keyKind).authorities;

    const exported = (...options: string[]): Buffer => {
      const out = pathOf('brought.p12');
      const { status, output } = openssl(
        ...['pkcs12', '-export', '-out', out, '-passout', 'pass:correct horse', ...options],
        ...['-in', file('own.pem', backboneCa.certificatePem), '-certfile', file('root.pem', root.certificatePem)],
        ...['-inkey', file('own.key', exportPrivateKey(backboneCa.keyPair.privateKey).reveal())],
      );
      expect({ status, output }).toMatchObject({ status: 0 });
      return readFileSync(out);
    };

    it.each([[[]], [['-legacy']], [['-keypbe', 'AES-128-CBC', '-macalg', 'sha512']], [['-certpbe', 'NONE']]])(
      'opens when it was made with %j',
      async (options) => {
        const brought = await readBroughtPkcs12(exported(...options), new Secret('correct horse'));
        expect(brought.certificatePem).toBe(backboneCa.certificatePem);
        expect(brought.others).toEqual([root.certificatePem]);
        expect(brought.privateKey.equals(backboneCa.keyPair.privateKey)).toBe(true);
      },
    );

    it('does not open with another passphrase, nor when it was damaged', async () => {
      const bytes = exported();
      const open = (from: Buffer, word: string) => readBroughtPkcs12(from, new Secret(word));
      await expect(open(bytes, 'wrong')).rejects.toMatchObject({ code: 'credential.wrong-passphrase' });
      await expect(open(bytes.subarray(0, -40), 'correct horse')).rejects.toMatchObject({
        code: 'credential.malformed',
      });
    });
  });
});
