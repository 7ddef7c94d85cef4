import type { AccessKind, AuthorityKind, Event } from '@caravan/events';
import type {
  AccessPointAdded,
  AccessPointAddressed,
  AccessPointRemoved,
  AuthorityEstablished,
  BackboneSiteAdded,
  BackboneSiteEnrolled,
  BackboneSiteRemoved,
  InvitationDeleted,
  InvitationIssued,
  ManagementSiteRegistered,
  MemberAdmitted,
  MemberRemoved,
  NetworkCreated,
  NetworkDeleted,
} from '@caravan/events';
import type { EventOf } from '@caravan/events';

export interface AccessPointEntry {
  readonly backboneId: string;
  readonly siteId: string;
  readonly kind: AccessKind;
  readonly bindHost: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly byOperator: boolean;
}
export interface NetworkWindow {
  readonly startsAt: string;
  readonly endsAt: string | null;
}
export interface AuthorityEntry {
  readonly kind: AuthorityKind;
  readonly backboneId: string | null;
  readonly networkId: string | null;
}

type FoldedEvent = EventOf<
  readonly [
    typeof AccessPointAdded,
    typeof AccessPointAddressed,
    typeof AccessPointRemoved,
    typeof AuthorityEstablished,
    typeof BackboneSiteAdded,
    typeof BackboneSiteEnrolled,
    typeof BackboneSiteRemoved,
    typeof InvitationDeleted,
    typeof InvitationIssued,
    typeof ManagementSiteRegistered,
    typeof MemberAdmitted,
    typeof MemberRemoved,
    typeof NetworkCreated,
    typeof NetworkDeleted,
  ]
>;

/**
 * Who exists, kept in memory by a fold: what must be known at the moment somebody connects or asks. A member's removal, a site's,
 * an invitation's take effect here as soon as the event is in the log.
 */
export class Directory {
  readonly networks = new Map<string, NetworkWindow>();
  /** Invitation id -> network id. */
  readonly invitations = new Map<string, string>();
  readonly members = new Map<string, { readonly networkId: string; readonly backboneId: string }>();
  readonly backboneSites = new Map<string, { readonly backboneId: string; readonly enrolled: boolean }>();
  readonly managementSites = new Set<string>();
  readonly accessPoints = new Map<string, AccessPointEntry>();
  /** By the fingerprint of their certificate. */
  readonly authorities = new Map<string, AuthorityEntry>();

  apply(event: Event): void {
    const { type, data } = event as FoldedEvent;
    switch (type) {
      case 'NetworkCreated':
        this.networks.set(data.networkId, { startsAt: data.startsAt, endsAt: data.endsAt });
        return;
      case 'NetworkDeleted':
        this.networks.delete(data.networkId);
        return;
      case 'InvitationIssued':
        this.invitations.set(data.invitationId, data.networkId);
        return;
      case 'InvitationDeleted':
        this.invitations.delete(data.invitationId);
        return;
      case 'AuthorityEstablished': {
        const { fingerprint, kind, backboneId, networkId } = data;
        this.authorities.set(fingerprint, { kind, backboneId, networkId });
        return;
      }
      case 'MemberAdmitted':
        this.members.set(data.memberId, { networkId: data.networkId, backboneId: data.backboneId });
        return;
      case 'MemberRemoved':
        this.members.delete(data.memberId);
        return;
      case 'BackboneSiteAdded':
        this.backboneSites.set(data.siteId, { backboneId: data.backboneId, enrolled: false });
        return;
      case 'BackboneSiteEnrolled': {
        const site = this.backboneSites.get(data.siteId);
        if (site) this.backboneSites.set(data.siteId, { ...site, enrolled: true });
        return;
      }
      case 'BackboneSiteRemoved':
        this.backboneSites.delete(data.siteId);
        return;
      case 'ManagementSiteRegistered':
        this.managementSites.add(data.siteId);
        return;
      case 'AccessPointAdded': {
        const { accessPointId, backboneId, siteId, kind, bindHost, host, port } = data;
        const byOperator = host !== null;
        this.accessPoints.set(accessPointId, { backboneId, siteId, kind, bindHost, host, port, byOperator });
        return;
      }
      case 'AccessPointAddressed': {
        const { accessPointId, host, port, source } = data;
        const entry = this.accessPoints.get(accessPointId);
        if (entry) this.accessPoints.set(accessPointId, { ...entry, host, port, byOperator: source === 'operator' });
        return;
      }
      case 'AccessPointRemoved':
        this.accessPoints.delete(data.accessPointId);
        return;
      default:
        return; // `FoldedEvent` is what this fold asks for; no other changes anything here
    }
  }
}
