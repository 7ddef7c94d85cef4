import { describe, expect, it } from 'vitest';
import { describeCertificate, verifyChain } from '@caravan/pki';
import { reSigned } from './re-signed.js';
import { World } from './world.js';

describe('a certificate with its signature written in the other way', () => {
  const world = new World();

  it('is good, says the same, and has another fingerprint', () => {
    for (let times = 0; times < 20; times++) {
      const { chain } = world.member(world.a, 'anybody');
      const other = reSigned(chain);
      expect(verifyChain(other, [], [world.a.memberCa.certificatePem], new Date(), 'client')).toMatchObject({
        ok: true,
      });
      const { fingerprint, ...facts } = describeCertificate(chain);
      expect(describeCertificate(other)).toMatchObject(facts);
      expect(describeCertificate(other).fingerprint).not.toBe(fingerprint);
      expect(describeCertificate(reSigned(other)).fingerprint).toBe(fingerprint);
    }
  });
});
