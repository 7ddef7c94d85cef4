import { AuthorityEstablished, CertificateIssued, RevocationRequested } from '@caravan/events';
import type { AuthorityKind, RevocationTarget } from '@caravan/events';
import { id } from '../example.fixture.js';

const lasts = { notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2027-01-01T00:00:00.000Z' };
export const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n`;

export const established = (
  kind: AuthorityKind,
  owner: { backboneId?: string; networkId?: string } = {},
  ordinal = 1,
) =>
  AuthorityEstablished({
    authorityId: id(ordinal === 1 ? `${kind} authority` : `${kind} authority ${ordinal}`),
    kind,
    backboneId: owner.backboneId ?? null,
    networkId: owner.networkId ?? null,
    ordinal,
    issuerId: kind === 'root' ? null : id('root authority'),
    origin: 'generated',
    intermediates: [],
    certificate: pem(kind),
    subject: `CN=${kind}`,
    serial: '01',
    fingerprint: `fingerprint of ${kind} ${ordinal}`,
    ...lasts,
  });

export const issued = (certificateId: string) =>
  CertificateIssued({
    certificateId,
    holder: { kind: 'service', name: 'spec' },
    identity: null,
    hosts: [],
    ordinal: 1,
    issuerId: id('management authority'),
    serial: '02',
    subject: 'CN=spec',
    fingerprint: 'fingerprint',
    publicKeyFingerprint: 'key fingerprint',
    certificate: pem('leaf'),
    chain: [pem('management')],
    ...lasts,
  });

export const revoked = (target: RevocationTarget) =>
  RevocationRequested({ revocationId: id('r'), target, name: 'hq', reason: 'key-compromise' });

export function certificateRevoked({ data }: ReturnType<typeof CertificateIssued>) {
  const { certificateId, holder, issuerId, serial, notAfter } = data;
  const place = { backboneId: id('demo'), fingerprint: 'a'.repeat(64) };
  const of = { certificateId, holder, issuerId, serial, notAfter };
  return revoked({ kind: 'certificate', ...of, ...place });
}
