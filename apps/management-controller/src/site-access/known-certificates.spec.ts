import { describe, expect, it } from 'vitest';
import { describeCertificate, generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import { KnownCertificates } from './known-certificates.js';

const certificate = () =>
  selfSignRoot({ commonName: 'spec', serial: randomSerial(), keyPair: generateKeyPair(), now: new Date() })
    .certificatePem;

describe('known certificates', () => {
  it('are read once, and say what reading them says', () => {
    const known = new KnownCertificates();
    const pem = certificate();
    const facts = known.describe(pem);
    expect(facts).toEqual(describeCertificate(pem));
    expect(known.describe(pem)).toBe(facts);
    expect(known.describe(certificate())).not.toEqual(facts);
  });

  it('are at most so many: the one looked at longest ago is forgotten', () => {
    const known = new KnownCertificates(2);
    const [one, two, three] = [certificate(), certificate(), certificate()];
    const [first, second] = [known.describe(one), known.describe(two)];
    known.describe(one);
    known.describe(three);
    expect(known.describe(one)).toBe(first);
    expect(known.describe(two)).not.toBe(second);
  });

  it('are not what cannot be read', () => {
    const known = new KnownCertificates();
    for (let time = 0; time < 2; time++) {
      expect(() => known.describe('no certificate')).toThrow(
        expect.objectContaining({ code: 'certificate.malformed' }),
      );
    }
  });
});
