import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCertificate } from './certificate.js';
import { issueCertificate } from './issue.js';
import { PkiError } from './pki-error.js';
import type { CaProfileName, LeafProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import { generateKeyPair, randomSerial } from './randomness.js';
import { INSTALLATION, ISSUED_BY, NOW, tree, usual } from './tree.fixture.js';

const { authorities } = tree();
const names = Object.keys(ISSUED_BY) as (keyof typeof ISSUED_BY)[];
const isLeaf = (name: CaProfileName | LeafProfileName): name is LeafProfileName => PROFILES[name].kind === 'leaf';
const keyPair = generateKeyPair();

/** What is said of a certificate that was just made, and what reading it says. */
function bothTellings(profile: keyof typeof ISSUED_BY, changes: { commonName?: string; hosts?: readonly string[] }) {
  const { certificatePem: issuerPem, keyPair: issuerKey } = authorities[ISSUED_BY[profile]];
  const issued = issueCertificate({
    profile,
    issuer: { certificatePem: issuerPem, privateKey: issuerKey.privateKey },
    ...{ publicKey: keyPair.publicKey, serial: randomSerial(), now: NOW },
    commonName: profile,
    installation: INSTALLATION,
    ...(isLeaf(profile) ? usual(profile) : {}),
    ...changes,
  });
  const { certificatePem, ...told } = issued;
  return { told, read: describeCertificate(certificatePem) };
}

describe('what is told of an issued certificate', () => {
  it.each(names)('is what is read from it: %s', (profile) => {
    const { told, read } = bothTellings(profile, {});
    expect(told).toEqual(read);
  });

  const commonName = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'aZ9 ()._:@/-+,;"#=\\<>é'), minLength: 1, maxLength: 8 }),
  );
  it('is what is read from it, whatever the name', () => {
    fc.assert(
      fc.property(commonName, (name) => {
        try {
          const { told, read } = bothTellings('member', { commonName: name });
          expect(told).toEqual(read);
        } catch (error) {
          if (!(error instanceof PkiError) || error.code !== 'certificate.bad-common-name') throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.constantFrom('A.example', 'a.example', '[::1]', '::1'));
  it('is what is read from it, whatever the hosts', () => {
    fc.assert(
      fc.property(fc.array(host, { minLength: 1, maxLength: 6 }), (hosts) => {
        const { told, read } = bothTellings('natsServer', { hosts });
        expect(told).toEqual(read);
      }),
      { numRuns: 100 },
    );
  });
});
