import type {
  AccessPointCertificateRequested,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BootstrapRequested,
  EventOf,
  Holder,
  InvitationCredentialRequested,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  MemberAdmitted,
  MemberCertificateRequested,
} from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { LeafProfileName } from '@caravan/pki';
import type { IssuedAuthorityName } from '../authorities/authority.js';

/** The events that ask for a certificate. */
export type AskingEvent = EventOf<
  | typeof InvitationCredentialRequested
  | typeof MemberAdmitted
  | typeof MemberCertificateRequested
  | typeof BootstrapRequested
  | typeof BackboneSiteEnrolled
  | typeof BackboneSiteCertificateRequested
  | typeof AccessPointCertificateRequested
  | typeof ManageLinkCertificateRequested
  | typeof ManagementSiteCertificateRequested
>;

/** Everything a certificate will say, but for its time and the key; only the key comes out of `csr`. */
export interface SigningRequest {
  /** Chosen by the asker: asking again with the same id is the same certificate. */
  readonly certificateId: string;
  readonly profile: LeafProfileName;
  readonly authority: IssuedAuthorityName;
  /** Of that authority; absent: the one in use. */
  readonly authorityOrdinal?: number;
  readonly holder: Holder;
  readonly hosts: readonly string[];
  readonly ordinal: number;
  readonly csr: string;
}

/** What an event asks for. `installation`: whose management site it is. */
export function signingRequest({ type, data }: AskingEvent, installation: string): SigningRequest {
  switch (type) {
    case 'InvitationCredentialRequested': {
      const { certificateId, csr, invitationId, networkId } = data;
      const holder: Holder = { kind: 'claim', invitationId, networkId };
      return { ...first, certificateId, csr, profile: 'claim', holder, authority: { kind: 'claim', networkId } };
    }
    case 'MemberAdmitted': {
      const { certificateId, csr, memberId, networkId } = data;
      const holder: Holder = { kind: 'member', memberId, networkId };
      return { ...first, certificateId, csr, profile: 'member', holder, authority: { kind: 'member', networkId } };
    }
    case 'MemberCertificateRequested': {
      const { certificateId, csr, ordinal, memberId, networkId } = data;
      const holder: Holder = { kind: 'member', memberId, networkId };
      return {
        ...first,
        certificateId,
        csr,
        ordinal,
        profile: 'member',
        holder,
        authority: { kind: 'member', networkId },
      };
    }
    case 'BootstrapRequested': {
      const { certificateId, csr, hosts, ...site } = data;
      return { ...first, certificateId, csr, hosts, profile: 'bootstrap', ...ofSite('bootstrap', site) };
    }
    case 'BackboneSiteEnrolled': {
      const { certificateId, csr, ...site } = data;
      return { ...first, certificateId, csr, profile: 'backboneSite', ...ofSite('backbone-site', site) };
    }
    case 'BackboneSiteCertificateRequested': {
      const { certificateId, csr, ordinal, ...site } = data;
      return { ...first, certificateId, csr, ordinal, profile: 'backboneSite', ...ofSite('backbone-site', site) };
    }
    case 'ManageLinkCertificateRequested': {
      const { certificateId, csr, ordinal, ...site } = data;
      return { ...first, certificateId, csr, ordinal, profile: 'manageLink', ...ofSite('manage-link', site) };
    }
    case 'ManagementSiteCertificateRequested': {
      const { certificateId, csr, ordinal, siteId } = data;
      const holder: Holder = { kind: 'management-site', siteId };
      const authority = { kind: 'management', installation } as const;
      return { ...first, certificateId, csr, ordinal, profile: 'managementSite', holder, authority };
    }
    case 'AccessPointCertificateRequested': {
      const { certificateId, csr, ordinal, hosts, accessPointId, siteId, backboneId } = data;
      const holder: Holder = { kind: 'access-point', accessPointId, siteId, backboneId };
      const authority = { kind: 'infrastructure', backboneId } as const;
      return { certificateId, csr, ordinal, hosts, profile: 'accessPoint', holder, authority };
    }
    default:
      return assertNever(type);
  }
}

const first = { ordinal: 1, hosts: [] } as const;

const ofSite = (
  kind: 'bootstrap' | 'backbone-site' | 'manage-link',
  { siteId, backboneId }: { siteId: string; backboneId: string },
): Pick<SigningRequest, 'holder' | 'authority'> => ({
  holder: { kind, siteId, backboneId },
  authority: { kind: 'infrastructure', backboneId },
});
