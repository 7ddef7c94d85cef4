import {
  AccessPointCertificateDue,
  AuthorityEstablished,
  BackboneSiteCertificateDue,
  CertificateIssued,
  ManageLinkCertificateDue,
  ManagementSiteCertificateRequested,
  MemberCertificateDue,
  RevocationRequested,
  RotationAdvanced,
} from '@caravan/events';
import type { AccessKind, AuthorityKind, Holder, RevocationTarget } from '@caravan/events';

import { claimantKey, csr, id, pem, STARTS_AT } from './names.fixture.js';

/** The certificate says whose authority it is, so that a spec can tell one from another in a trust list. */
export const authority = (kind: AuthorityKind, of: string, ordinal = 1) =>
  AuthorityEstablished({
    authorityId: id(`${kind} ${of} ${ordinal}`),
    kind,
    backboneId: kind === 'infrastructure' || kind === 'backbone' ? id(of) : null,
    networkId: kind === 'network' || kind === 'claim' || kind === 'member' ? id(of) : null,
    ordinal,
    issuerId: null,
    origin: 'issued',
    intermediates: [],
    certificate: pem(`${kind} ${of} ${ordinal}`),
    subject: kind,
    serial: '01',
    fingerprint: 'f',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2036-01-01T00:00:00.000Z',
  });

export const issued = (holder: Holder, notAfter: string) =>
  CertificateIssued({
    certificateId: id(`${JSON.stringify(holder)} until ${notAfter}`),
    holder,
    identity: null,
    hosts: [],
    ordinal: 1,
    issuerId: id('issuer'),
    serial: '01',
    subject: 'somebody',
    fingerprint: 'f',
    publicKeyFingerprint: 'f',
    notBefore: STARTS_AT,
    notAfter,
    certificate: pem('leaf'),
    chain: [],
  });

/** Somebody wants the certificate of this ordinal to be held. */
export const due = {
  member: (name: string, ordinal: number) =>
    MemberCertificateDue({ memberId: id(name), networkId: id('retail'), ordinal }),
  site: (name: string, ordinal: number) =>
    BackboneSiteCertificateDue({ siteId: id(name), backboneId: id('demo'), ordinal }),
  accessPoint: (siteName: string, kind: AccessKind, ordinal: number) =>
    AccessPointCertificateDue({
      siteId: id(siteName),
      backboneId: id('demo'),
      accessPointId: id(`${siteName} ${kind}`),
      ordinal,
    }),
  manageLink: (ordinal: number) =>
    ManageLinkCertificateDue({ siteId: id('management'), backboneId: id('demo'), ordinal }),
};

/** The management site asks for another certificate of itself. */
export const managementSiteAsked = (ordinal: number) =>
  ManagementSiteCertificateRequested({
    siteId: id('management'),
    certificateId: id(`management ${ordinal}`),
    ordinal,
    claimantKey,
    csr,
  });

/** A rotation comes to a phase. */
export const rotated = (
  kind: 'network' | 'backbone' | 'installation',
  of: string,
  phase: 'listeners' | 'diallers' | 'retire',
  ordinal = 2,
) =>
  RotationAdvanced({
    ownerId: id(of),
    rotationId: id(`rotation ${ordinal} of ${of}`),
    owner:
      kind === 'installation'
        ? { kind }
        : kind === 'backbone'
          ? { kind, backboneId: id(of) }
          : { kind, networkId: id(of), backboneId: id('demo'), startsAt: STARTS_AT, endsAt: null },
    ordinal,
    phase,
    confirmed: 1,
    without: 0,
    withoutSites: [],
  });

const targetId = (target: RevocationTarget): string =>
  target.kind === 'certificate'
    ? target.certificateId
    : target.kind === 'member'
      ? target.memberId
      : target.kind === 'network'
        ? target.networkId
        : target.siteId;

export const revoked = (target: RevocationTarget) =>
  RevocationRequested({
    revocationId: id(`revocation of ${targetId(target)}`),
    target,
    name: 'somebody',
    reason: 'key-compromise',
  });
/** `digit`: of its serial, 32 times. */
export const revokedCertificate = (digit: string, holder: Holder, notAfter = '2036-01-01T00:00:00.000Z') =>
  revoked({
    kind: 'certificate',
    certificateId: id(`certificate ${digit}`),
    holder,
    backboneId: id('demo'),
    issuerId: id('issuer'),
    serial: digit.repeat(32),
    fingerprint: 'f'.repeat(64),
    notAfter,
  });
