import { describe, expect, it } from 'vitest';
import { Rejection } from '@caravan/event-store';
import {
  describeCertificate,
  formatIdentity,
  generateKeyPair,
  issueCertificate,
  randomSerial,
  selfSignRoot,
} from '@caravan/pki';
import type { Identity, IssueRequest, IssuerCredential, KeyPair, LeafProfileName } from '@caravan/pki';
import { Administrators } from './administrators.js';

const installation = 'acme';
const now = new Date('2030-06-01T12:00:00Z');
const about = () => ({ commonName: 'spec', serial: randomSerial(), now });
const rootKey = generateKeyPair();
const root = { certificatePem: selfSignRoot({ ...about(), keyPair: rootKey }).certificatePem, ...rootKey };

function authority(profile: 'managementCa' | 'backboneCa' = 'managementCa'): IssuerCredential & KeyPair {
  const pair = generateKeyPair();
  const request = { ...about(), profile, installation, publicKey: pair.publicKey, issuer: root } as const;
  return { certificatePem: issueCertificate(request).certificatePem, ...pair };
}
const ours = authority();
const ada: Identity = { kind: 'administrator', installation, name: 'ada' };

function certificateOf(identity: Identity, by: IssuerCredential = ours, more: Partial<IssueRequest> = {}): string {
  const profiles: Partial<Record<Identity['kind'], LeafProfileName>> = {
    service: 'service',
    administrator: 'administrator',
  };
  return issueCertificate({
    ...about(),
    profile: profiles[identity.kind]!,
    identity: formatIdentity(identity),
    installation: identity.installation,
    publicKey: generateKeyPair().publicKey,
    issuer: by,
    ...more,
  }).certificatePem;
}

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
    expect(administrators.actorOf(certificateOf(ada))).toEqual({ kind: 'administrator', id: 'ada' });
  });

  it.each([
    [
      'of a service',
      () => certificateOf({ kind: 'service', installation, name: 'router-config' }),
      'it is of a service',
    ],
    ['by another authority of that name', () => certificateOf(ada, authority()), 'chain.bad-signature'],
    ['by the root', () => certificateOf(ada, root), 'chain.bad-signature'],
    ['by an authority beside', () => certificateOf(ada, authority('backboneCa')), 'chain.bad-signature'],
    ['of the authority itself', () => ours.certificatePem, 'chain.wrong-usage'],
    ['that is no certificate', () => 'no certificate', 'chain.malformed'],
  ])('is nobody with one %s', (_, made, why) => {
    expect(refusal(made())).toMatch(new RegExp(`^request.unauthenticated: .*${why}`));
  });

  it('is nobody any more once it is revoked or over, also on a connection that lasts', () => {
    const certificate = certificateOf(ada);
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
    expect(refusal(certificateOf(ada, authority()))).toContain('or none and a token');
  });
});
