import { describe, expect, it } from 'vitest';
import type { RevokedCertificate } from './crl.js';
import { signCrl } from './crl.js';
import type { KeyKind } from './randomness.js';
import { file, openssl, verify, whenPresent } from './openssl.fixture.js';
import { DAY, NOW, tree } from './tree.fixture.js';

whenPresent('openssl crl', () => {
  describe.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])('on lists of a %s authority', (keyKind) => {
    const { authorities, leaf } = tree(keyKind);
    const { memberCa } = authorities;
    const [good, bad] = [leaf('member'), leaf('member')];
    const list = (revoked: readonly RevokedCertificate[], holder = memberCa): string =>
      signCrl({
        issuer: { certificatePem: holder.certificatePem, privateKey: holder.keyPair.privateKey },
        number: 41n,
        thisUpdate: NOW,
        nextUpdate: new Date(NOW.getTime() + DAY),
        revoked,
      }).pem;
    const revoked = [{ serial: bad.serial, revokedAt: NOW, reason: 'key-compromise' as const }];

    it('verifies them and reads what they say', () => {
      const ca = file('ca.pem', memberCa.certificatePem);
      const { status, output } = openssl(
        'crl',
        '-in',
        file('list.pem', list(revoked)),
        '-CAfile',
        ca,
        '-noout',
        '-text',
      );
      expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('verify OK') });
      expect(output).toMatch(/X509v3 CRL Number:\s+41/);
      expect(output).toMatch(/X509v3 Authority Key Identifier/);
      expect(output).toContain(bad.serial.toUpperCase());
      expect(output).toMatch(/CRL Reason Code:\s+Key Compromise/);
      const stranger = file('stranger.pem', list(revoked, authorities.claimCa));
      expect(openssl('crl', '-in', stranger, '-CAfile', ca, '-noout').output).not.toContain('verify OK');
    });

    it('refuses whom they name and nobody else, and nobody without a list', () => {
      const check = (certificate: string, crl: string) =>
        verify({
          leaf: certificate,
          trusted: memberCa.certificatePem,
          purpose: 'sslclient',
          options: ['-partial_chain', '-crl_check', '-CRLfile', file('list.pem', crl)],
        });
      expect(check(good.certificatePem, list(revoked)).status).toBe(0);
      expect(check(bad.certificatePem, list(revoked)).output).toContain('certificate revoked');
      expect(check(bad.certificatePem, list([])).status).toBe(0);
      expect(check(good.certificatePem, list([], authorities.claimCa)).output).toContain(
        'unable to get certificate CRL',
      );
    });
  });
});
