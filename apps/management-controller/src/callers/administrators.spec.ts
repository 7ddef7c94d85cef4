import { describe, expect, it } from 'vitest';
import { Rejection } from '@caravan/event-store';
import { describeCertificate } from '@caravan/pki';
import { INSTALLATION as installation, issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { Administrators } from './administrators.js';

const now = new Date();
const root = makeRoot();
/** All of one name, so that only the signature tells them apart. */
const authority = (profile: 'managementCa' | 'backboneCa' = 'managementCa') =>
  makeAuthority(root, profile, 'management');
const ours = authority();
const certificateOf = (name: string, by = ours): string =>
  issue(by, 'administrator', { identity: `spiffe://${installation}/administrator/${name}` }).chain;
const ofService = (): string =>
  issue(ours, 'service', { identity: `spiffe://${installation}/service/router-config` }).chain;

describe('who asks with a certificate', () => {
  let at = now;
  const revoked = new Set<string>();
  const administrators = new Administrators({
    ...{ installation, trust: () => [ours.certificatePem], isRevoked: (serial) => revoked.has(serial) },
    clock: { now: () => at },
  });
  const refusal = (certificate: string): string => {
    try {
      administrators.actorOf(certificate);
    } catch (error) {
      if (error instanceof Rejection) return `${error.code}: ${String(error.details['detail'])}`;
      throw error;
    }
    return 'it was taken';
  };

  it('is the administrator whom it names', () => {
    expect(administrators.actorOf(certificateOf('ada'))).toEqual({ kind: 'administrator', id: 'ada' });
  });

  it.each([
    ['of a service', ofService, 'it is of a service'],
    ['by another authority of that name', () => certificateOf('ada', authority()), 'chain.bad-signature'],
    ['by the root', () => certificateOf('ada', root), 'chain.unknown-issuer'],
    ['by an authority beside', () => certificateOf('ada', authority('backboneCa')), 'chain.bad-signature'],
    ['of the authority itself', () => ours.certificatePem, 'chain.wrong-usage'],
    ['that is no certificate', () => 'no certificate', 'chain.malformed'],
  ])('is nobody with one %s', (_, made, why) => {
    expect(refusal(made())).toMatch(new RegExp(`^request.unauthenticated: .*${why}`));
  });

  it('is nobody any more once it is revoked or over, also on a connection that lasts', () => {
    const certificate = certificateOf('ada');
    expect(refusal(certificate)).toBe('it was taken');
    revoked.add(describeCertificate(certificate).serial);
    expect(refusal(certificate)).toContain('it was revoked');
    revoked.clear();
    at = new Date(now.getTime() + 365 * 86_400_000);
    expect(refusal(certificate)).toContain('chain.expired');
    at = now;
    expect(refusal(certificate)).toBe('it was taken');
  });

  it('is told what to show instead', () => {
    expect(refusal(certificateOf('ada', authority()))).toContain('or none and a token');
  });
});
