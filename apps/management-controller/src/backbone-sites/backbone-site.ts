import { isDeepStrictEqual } from 'node:util';
import {
  AccessPointCertificateDue,
  AccessPointCertificateRequested,
  BackboneSiteCertificateDue,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BackboneSiteLinkCertificatesSupplied,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  BootstrapRequested,
} from '@caravan/events';
import type { BackboneSiteEvent, LinkCertificate, SuppliedProof } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

interface CertificateAsked {
  readonly certificateId: string;
  readonly claimantKey: string;
}
interface SetUp {
  /** Bundles that were downloaded, by certificate id. */
  readonly bundles: Set<string>;
  /** By `<access point>/<ordinal>`, and by `site/<ordinal>` those of the site itself after the first. */
  readonly certificates: Map<string, CertificateAsked>;
  /** The highest ordinal that somebody wanted, by access point and of the `site`. */
  readonly due: Map<string, number>;
  /** What its operator supplies to prove its access points. */
  readonly proof: SuppliedProof | null;
  /** And for its links. */
  readonly linkCertificates: readonly LinkCertificate[];
}
export type BackboneSiteState =
  | (SetUp & { readonly status: 'waiting' })
  | (SetUp & { readonly status: 'enrolled'; readonly enrolment: CertificateAsked });

interface OnBackbone {
  readonly siteId: string;
  readonly backboneId: string;
}
interface OfSite extends OnBackbone {
  readonly certificateId: string;
  readonly csr: string;
}
export type BackboneSiteCommand =
  /** `recovers`: of a site whose own certificate is over. It enrols with nothing but the key of that. */
  | (Command<'RequestBundle'> & OfSite & { readonly hosts: readonly string[]; readonly recovers: boolean })
  | (Command<'EnrolSite'> & OfSite & { readonly claimantKey: string })
  | (Command<'RequireSiteCertificate'> & OnBackbone & { readonly ordinal: number })
  | (Command<'RequireAccessPointCertificate'> &
      OnBackbone & { readonly accessPointId: string; readonly ordinal: number })
  | (Command<'SupplyProof'> & OnBackbone & { readonly proof: SuppliedProof | null })
  | (Command<'SupplyLinkCertificates'> & OnBackbone & { readonly linkCertificates: readonly LinkCertificate[] })
  | (Command<'RequestSiteCertificate'> & OfSite & { readonly ordinal: number; readonly claimantKey: string })
  | (Command<'RequestAccessPointCertificate'> &
      OfSite & {
        readonly accessPointId: string;
        readonly ordinal: number;
        readonly claimantKey: string;
        readonly hosts: readonly string[];
      });

/** A backbone site decides that its bundle is used once, and which certificate answers which request. */
export const backboneSite: Decider<BackboneSiteState, BackboneSiteCommand, BackboneSiteEvent> = {
  initial: () => ({
    status: 'waiting',
    bundles: new Set(),
    certificates: new Map(),
    due: new Map(),
    proof: null,
    linkCertificates: [],
  }),

  decide(command, state) {
    const { siteId, backboneId } = command;
    if (command.type === 'RequireSiteCertificate') {
      const { ordinal } = command;
      return isDue(state, ITSELF, ordinal) ? [] : [BackboneSiteCertificateDue({ siteId, backboneId, ordinal })];
    }
    if (command.type === 'RequireAccessPointCertificate') {
      const { accessPointId, ordinal } = command;
      if (isDue(state, accessPointId, ordinal)) return [];
      return [AccessPointCertificateDue({ siteId, backboneId, accessPointId, ordinal })];
    }
    if (command.type === 'SupplyProof') {
      const { proof } = command;
      if (isSameProof(proof, state.proof)) return [];
      const site = { siteId, backboneId };
      return [proof ? BackboneSiteProofSupplied({ ...site, ...proof }) : BackboneSiteProofWithdrawn(site)];
    }
    if (command.type === 'SupplyLinkCertificates') {
      const linkCertificates = [...command.linkCertificates];
      if (isDeepStrictEqual(linkCertificates, state.linkCertificates)) return [];
      return [BackboneSiteLinkCertificatesSupplied({ siteId, backboneId, linkCertificates })];
    }
    const { certificateId, csr } = command;
    switch (command.type) {
      case 'RequestBundle':
        if (state.bundles.has(certificateId)) return [];
        if (state.status === 'enrolled' && !command.recovers)
          throw new Rejection('backbone-site.already-enrolled', { siteId });
        return [BootstrapRequested({ siteId, backboneId, certificateId, hosts: [...command.hosts], csr })];
      case 'EnrolSite': {
        const { claimantKey } = command;
        if (state.status === 'enrolled') {
          // The same key asks again when it lost the answer; any other has a copy of a bundle that was used.
          if (state.enrolment.claimantKey === claimantKey) return [];
          throw new Rejection('backbone-site.already-enrolled', { siteId });
        }
        return [BackboneSiteEnrolled({ siteId, backboneId, certificateId, claimantKey, csr })];
      }
      case 'RequestSiteCertificate': {
        const { ordinal, claimantKey } = command;
        if (state.certificates.get(ofSiteItself(ordinal))?.claimantKey === claimantKey) return [];
        const asked = { siteId, backboneId, certificateId, ordinal, claimantKey, csr };
        return [BackboneSiteCertificateRequested(asked)];
      }
      case 'RequestAccessPointCertificate': {
        const { accessPointId, ordinal, claimantKey, hosts } = command;
        const asked = state.certificates.get(`${accessPointId}/${ordinal}`);
        if (asked?.claimantKey === claimantKey) return [];
        return [
          AccessPointCertificateRequested({
            siteId,
            backboneId,
            accessPointId,
            certificateId,
            ordinal,
            claimantKey,
            hosts: [...hosts],
            csr,
          }),
        ];
      }
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'BootstrapRequested':
        state.bundles.add(event.data.certificateId);
        return state;
      case 'BackboneSiteEnrolled': {
        const { certificateId, claimantKey } = event.data;
        return { ...state, status: 'enrolled', enrolment: { certificateId, claimantKey } };
      }
      case 'BackboneSiteCertificateDue':
        state.due.set(ITSELF, event.data.ordinal);
        return state;
      case 'AccessPointCertificateDue':
        state.due.set(event.data.accessPointId, event.data.ordinal);
        return state;
      case 'BackboneSiteCertificateRequested': {
        const { ordinal, certificateId, claimantKey } = event.data;
        state.certificates.set(ofSiteItself(ordinal), { certificateId, claimantKey });
        return state;
      }
      case 'AccessPointCertificateRequested': {
        const { accessPointId, ordinal, certificateId, claimantKey } = event.data;
        state.certificates.set(`${accessPointId}/${ordinal}`, { certificateId, claimantKey });
        return state;
      }
      case 'BackboneSiteProofSupplied': {
        const { siteId: _site, backboneId: _backbone, ...proof } = event.data;
        return { ...state, proof };
      }
      case 'BackboneSiteProofWithdrawn':
        return { ...state, proof: null };
      case 'BackboneSiteLinkCertificatesSupplied':
        return { ...state, linkCertificates: event.data.linkCertificates };
      default:
        return assertNever(event);
    }
  },
};

export const isSameProof = (one: SuppliedProof | null, other: SuppliedProof | null): boolean =>
  one?.fingerprint === other?.fingerprint && one?.trust.join('') === other?.trust.join('');

const ITSELF = 'site';
const ofSiteItself = (ordinal: number): string => `${ITSELF}/${ordinal}`;
const isDue = ({ due }: SetUp, what: string, ordinal: number): boolean => ordinal <= (due.get(what) ?? 1);
