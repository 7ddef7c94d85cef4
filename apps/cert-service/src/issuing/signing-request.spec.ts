import { describe, expect, it } from 'vitest';
import {
  AccessPointCertificateRequested,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BootstrapRequested,
  InvitationCredentialRequested,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  MemberAdmitted,
  MemberCertificateRequested,
} from '@caravan/events';
import { PROFILES } from '@caravan/pki';
import { commonNameOf, identityOf } from './names.js';
import { signingRequest } from './signing-request.js';
import type { AskingEvent } from './signing-request.js';

const id = (n: number) => `0199d1b0-0000-7000-8000-00000000000${n}`;
const [certificateId, networkId, invitationId, memberId, backboneId, siteId, accessPointId] = [1, 2, 3, 4, 5, 6, 7].map(
  id,
) as [string, string, string, string, string, string, string];
const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
const claimantKey = 'a'.repeat(64);
const asked = { certificateId, csr };

const cases: [AskingEvent, Partial<ReturnType<typeof signingRequest>>, string][] = [
  [
    InvitationCredentialRequested({ invitationId, networkId, ...asked }),
    { profile: 'claim', authority: { kind: 'claim', networkId }, ordinal: 1, hosts: [] },
    `/network/${networkId}/claim/${invitationId}`,
  ],
  [
    MemberAdmitted({
      details: {},
      memberId,
      networkId,
      backboneId,
      invitationId,
      name: 'store-1',
      siteClasses: [],
      memberAccessPoints: [],
      claimantKey,
      ...asked,
    }),
    { profile: 'member', authority: { kind: 'member', networkId }, ordinal: 1, hosts: [] },
    `/network/${networkId}/member/${memberId}`,
  ],
  [
    BootstrapRequested({ siteId, backboneId, hosts: ['10.0.0.1'], ...asked }),
    { profile: 'bootstrap', authority: { kind: 'infrastructure', backboneId }, ordinal: 1, hosts: ['10.0.0.1'] },
    `/backbone/${backboneId}/bootstrap/${siteId}`,
  ],
  [
    BackboneSiteEnrolled({ siteId, backboneId, claimantKey, ...asked }),
    { profile: 'backboneSite', authority: { kind: 'infrastructure', backboneId }, ordinal: 1, hosts: [] },
    `/backbone/${backboneId}/site/${siteId}`,
  ],
  [
    AccessPointCertificateRequested({
      siteId,
      backboneId,
      accessPointId,
      ordinal: 3,
      claimantKey,
      hosts: ['relay.example'],
      ...asked,
    }),
    { profile: 'accessPoint', authority: { kind: 'infrastructure', backboneId }, ordinal: 3, hosts: ['relay.example'] },
    `/backbone/${backboneId}/access-point/${accessPointId}`,
  ],
  [
    MemberCertificateRequested({ memberId, networkId, ordinal: 3, claimantKey, ...asked }),
    { profile: 'member', authority: { kind: 'member', networkId }, ordinal: 3, hosts: [] },
    `/network/${networkId}/member/${memberId}`,
  ],
  [
    BackboneSiteCertificateRequested({ siteId, backboneId, ordinal: 2, claimantKey, ...asked }),
    { profile: 'backboneSite', authority: { kind: 'infrastructure', backboneId }, ordinal: 2, hosts: [] },
    `/backbone/${backboneId}/site/${siteId}`,
  ],
  [
    ManageLinkCertificateRequested({ siteId, backboneId, ordinal: 2, claimantKey, ...asked }),
    { profile: 'manageLink', authority: { kind: 'infrastructure', backboneId }, ordinal: 2, hosts: [] },
    `/backbone/${backboneId}/manage/${siteId}`,
  ],
  [
    ManagementSiteCertificateRequested({ siteId, ordinal: 2, claimantKey, ...asked }),
    { profile: 'managementSite', authority: { kind: 'management', installation: 'acme' }, ordinal: 2, hosts: [] },
    `/management/site/${siteId}`,
  ],
];

describe('what an event asks to be signed', () => {
  it.each(cases)('%j', (event, expected, path) => {
    const request = signingRequest(event, 'acme');
    expect(request).toMatchObject({ certificateId, csr, ...expected });
    expect(identityOf(request.holder, 'acme')).toBe(`spiffe://acme${path}`);
    expect(commonNameOf(request.holder).length).toBeLessThanOrEqual(64);
  });

  it('asks for names only where the profile has them', () => {
    for (const [event] of cases) {
      const { profile, hosts, holder } = signingRequest(event, 'acme');
      expect(PROFILES[profile].identity).toBe(holder.kind);
      if (PROFILES[profile].hosts === 'none') expect(hosts).toEqual([]);
    }
  });

  it('knows servers of the management plane by host alone', () => {
    expect(identityOf({ kind: 'nats-server' }, 'acme')).toBeNull();
    expect(identityOf({ kind: 'service', name: 'router-config' }, 'acme')).toBe('spiffe://acme/service/router-config');
  });
});
