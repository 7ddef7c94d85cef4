import type {
  Event,
  InvitationEvent,
  NetworkEvent,
  RevocationEvent,
  RevocationTarget,
  RotationEvent,
} from '@caravan/events';
import { assertNever, Rejection, remedyOf } from '@caravan/event-store';
import type { Halt, Recorded } from '@caravan/event-store';
import { enforcersOf } from '../revocations/enforcers.js';
import { RunningRevocations } from '../revocations/running-revocations.js';
import { RunningRotations } from '../rotations/running-rotations.js';
import type { DirectoryEvent } from './directory-events.js';
import type {
  AccessPointEntry,
  AuthorityEntry,
  BackboneSiteEntry,
  JoinedSite,
  JoinTokenEntry,
  MemberEntry,
  NetworkEntry,
} from './entries.js';
import { applyToBackboneSites } from './backbone-site-entries.js';
import { applyToInvitations } from './invitation-entries.js';
import { applyToNetworks, certify, revokeNetwork } from './network-entries.js';
import { Register } from './register.js';

/**
 * Who exists, kept in memory by a fold: what must be known at the moment somebody connects or asks. A member's removal, a site's,
 * an invitation's take effect here as soon as the event is in the log.
 *
 * Halted before an entry of the log that cannot be read, it still knows what it knew. It then refuses to say that something is
 * not there, since it may have come behind that entry; and it admits nobody, since who was removed behind it is not known.
 */
export class Directory {
  readonly networks = this.register<NetworkEntry>();
  /** Networks that are being taken apart. */
  readonly leaving = new Set<string>();
  /** Invitation id -> network id. */
  readonly invitations = this.register<string>();
  /** By the SHA-256 of their secret. */
  readonly joinTokens = this.register<JoinTokenEntry>();
  readonly members = this.register<MemberEntry>();
  readonly backboneSites = this.register<BackboneSiteEntry>();
  /** Site id -> name. */
  readonly managementSites = this.register<string>();
  readonly accessPoints = this.register<AccessPointEntry>();
  /** By the fingerprint of their certificate. */
  readonly authorities = this.register<AuthorityEntry>();
  readonly rotations = new RunningRotations();
  readonly revocations = new RunningRevocations();
  #halt: Halt | undefined;

  /** Whoever joined by an invitation or a bundle, by its id alone. */
  get joinedSites(): { get(siteId: string): JoinedSite | undefined } {
    return {
      get: (siteId) => (this.members.peek(siteId) ? { kind: 'member' } : withKind(this.backboneSites.get(siteId))),
    };
  }

  /** Why it goes no further; undefined: it goes on. */
  halted(halt: Halt | undefined): void {
    this.#halt = halt;
  }

  /** @throws Rejection `directory.halted` when it may know less than the log says. */
  requireCurrent(): void {
    const halt = this.#halt;
    if (!halt) return;
    const { position, reason } = halt;
    const detail = `Who exists is known up to position ${position} of the log and no further: ${reason}. Remedy: ${remedyOf(halt)}`;
    throw new Rejection('directory.halted', { detail, position });
  }

  apply(event: Event & Partial<Pick<Recorded, 'position' | 'at'>>): void {
    const { type, data } = event as DirectoryEvent;
    const { position = 0, at = '' } = event;
    switch (type) {
      case 'NetworkCreated':
      case 'NetworkRescheduled':
      case 'NetworkSuspended':
      case 'NetworkResumed':
      case 'NetworkEnded':
      case 'NetworkDeletionBegun':
      case 'NetworkDeleted':
      case 'NetworkRevoked':
        return applyToNetworks(this, event as NetworkEvent, at);
      case 'InvitationIssued':
      case 'InvitationDeleted':
      case 'JoinTokenIssued':
      case 'JoinTokenWithdrawn':
        return applyToInvitations(this, event as InvitationEvent);
      case 'AuthorityEstablished': {
        const { authorityId, issuerId, kind, origin, ordinal, backboneId, networkId, notBefore, notAfter } = data;
        const about = { authorityId, issuerId, kind, origin, ordinal, backboneId, networkId, notBefore, notAfter };
        this.authorities.set(data.fingerprint, about);
        this.rotations.established(data, position);
        return;
      }
      case 'MemberAdmitted': {
        const { memberId, networkId, backboneId, memberAccessPoints: accessPoints } = data;
        this.members.set(memberId, { networkId, backboneId, accessPoints, linkCertificates: [] });
        return;
      }
      case 'MemberLinkCertificatesSupplied': {
        const { memberId, linkCertificates } = data;
        const entry = this.members.peek(memberId);
        if (entry) this.members.set(memberId, { ...entry, linkCertificates });
        return;
      }
      case 'MemberRemoved':
        this.members.delete(data.memberId);
        return;
      case 'BackboneSiteAdded':
      case 'BackboneSiteEnrolled':
      case 'BackboneSiteProofSupplied':
      case 'BackboneSiteProofWithdrawn':
      case 'BackboneSiteLinkCertificatesSupplied':
      case 'BackboneSiteRemoved':
        return applyToBackboneSites(this.backboneSites, event as DirectoryEvent);
      case 'ManagementSiteRegistered':
        this.managementSites.set(data.siteId, data.name);
        return;
      case 'AccessPointAdded': {
        const { accessPointId, backboneId, siteId, kind, bindHost, bindPort, host, port } = data;
        const byOperator = host !== null;
        this.accessPoints.set(accessPointId, { backboneId, siteId, kind, bindHost, bindPort, host, port, byOperator });
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
      case 'RevocationRequested':
        this.remove(data.target);
        return this.revoked(event as RevocationEvent, position);
      case 'RevocationConfirmed':
      case 'RevocationEnforced':
        return this.revoked(event as RevocationEvent, position);
      case 'RotationBegun':
        if (data.owner.kind === 'network') certify(this.networks, data.owner.networkId, data.owner);
        return this.rotations.apply(event as RotationEvent, { position, at });
      case 'RotationAdvanced':
      case 'RotationPatienceChanged':
      case 'RotationPaused':
      case 'RotationResumed':
      case 'RotationFinished':
        return this.rotations.apply(event as RotationEvent, { position, at });
      default:
        return; // `DirectoryEvent` is what this fold asks for; no other changes anything here
    }
  }

  private revoked(event: RevocationEvent, position: number): void {
    this.revocations.apply(event, { position }, (target) => enforcersOf(target, this));
  }

  /** What is revoked is gone at once, whatever its own stream says of that later on. */
  private remove(target: RevocationTarget): void {
    switch (target.kind) {
      case 'certificate':
        return; // its holder may come with another
      case 'member':
        this.members.delete(target.memberId);
        return;
      case 'network':
        return revokeNetwork(this.networks, target.networkId);
      case 'backbone-site':
        this.backboneSites.delete(target.siteId);
        return;
      default:
        assertNever(target);
    }
  }

  private register<V>(): Register<V> {
    return new Register<V>(() => this.requireCurrent());
  }
}

const withKind = (site: { readonly backboneId: string } | undefined): JoinedSite | undefined =>
  site && { kind: 'backbone-site', backboneId: site.backboneId };
