import { claimSubject, siteSubject } from '@caravan/events';
import type { AuthorityKind } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { Identity } from '@caravan/pki';
import type { Directory } from '../directory/directory.js';
import { phaseOf, requireOpen } from '../networks/window.js';

/** What a NATS client may do, and until when. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** ISO-8601; null: as long as its certificate lasts. */
  readonly until: string | null;
}

/** What a verified client certificate says: who it is, its serial, and the fingerprint of the authority that signed it. */
export interface Credential {
  readonly identity: Identity;
  /** SHA-256 of the certificate itself, hex. */
  readonly serial: string;
  readonly issuerFingerprint: string;
}

/**
 * What the holder of a credential may do now, decided by issuer, identity and state. Everything else is denied.
 * @throws Rejection saying why it may not connect.
 */
export function permissionsOf(credential: Credential, directory: Directory, now: string): Permissions {
  const { identity, serial } = credential;
  if (directory.revocations.isRevoked(serial)) throw new Rejection('certificate.revoked', { serial });
  switch (identity.kind) {
    case 'claim': {
      const { invitationId, networkId } = identity;
      requireIssuer(credential, directory, { kind: 'claim', networkId });
      const until = inWindow(networkId, directory, now);
      // Also when it is revoked, expired or deleted: the decider refuses with the code that the invitee should read, and
      // answers those who claimed before.
      return { publish: [claimSubject(invitationId)], subscribe: [], until };
    }
    case 'member': {
      const { memberId, networkId } = identity;
      requireIssuer(credential, directory, { kind: 'member', networkId });
      if (directory.members.get(memberId)?.networkId !== networkId) throw new Rejection('member.unknown');
      return site(memberId, inWindow(networkId, directory, now));
    }
    case 'backbone-site':
      requireBackboneSite(credential, identity, directory);
      return site(identity.siteId, null);
    case 'bootstrap':
      // Also after it enrolled: the same key may have to ask for its answer again. Any other is refused by the decider.
      requireBackboneSite(credential, identity, directory);
      return { publish: [siteSubject(identity.siteId, 'enrol')], subscribe: [], until: null };
    case 'management-site':
      requireIssuer(credential, directory, { kind: 'management' });
      if (!directory.managementSites.has(identity.siteId)) throw new Rejection('site.unknown');
      return site(identity.siteId, null);
    default:
      // Services come with an nkey and never here; access points and manage links are for relays.
      throw new Rejection('identity.not-admitted', { kind: identity.kind });
  }
}

/** Who is connected; `serial`: of the certificate that it came with, unless it was let in before that was noted. */
export type Connected = Pick<Credential, 'identity'> & Partial<Pick<Credential, 'serial'>>;

/** Whether somebody who was admitted may stay: it still exists, its certificate is not revoked, and its network is on. A live connection is held against this. */
export function mayStay({ identity, serial }: Connected, directory: Directory, now: Date): boolean {
  if (serial !== undefined && directory.revocations.isRevoked(serial)) return false;
  switch (identity.kind) {
    case 'claim':
      return isOn(identity.networkId, directory, now);
    case 'member': {
      const { memberId, networkId } = identity;
      return directory.members.get(memberId)?.networkId === networkId && isOn(networkId, directory, now);
    }
    case 'backbone-site':
    case 'bootstrap':
      return directory.backboneSites.get(identity.siteId)?.backboneId === identity.backboneId;
    case 'management-site':
      return directory.managementSites.has(identity.siteId);
    default:
      return false;
  }
}

interface WantedIssuer {
  readonly kind: AuthorityKind;
  /** Whose it must be; a network's authorities are also of a backbone, which says nothing more. */
  readonly networkId?: string;
  readonly backboneId?: string;
}

/** A chain to the root proves that one of our authorities signed it; this, that it was the one for its kind and owner. */
function requireIssuer({ issuerFingerprint }: Credential, directory: Directory, wanted: WantedIssuer): void {
  const issuer = directory.authorities.get(issuerFingerprint);
  const fits =
    issuer?.kind === wanted.kind &&
    (wanted.networkId === undefined || issuer.networkId === wanted.networkId) &&
    (wanted.backboneId === undefined || issuer.backboneId === wanted.backboneId);
  if (!fits) throw new Rejection('identity.wrong-issuer', { wanted: wanted.kind, issuer: issuer?.kind ?? 'unknown' });
  const { networkId, backboneId, ordinal } = issuer;
  if (directory.rotations.isRetired(networkId ?? backboneId, ordinal)) {
    throw new Rejection('identity.issuer-retired', { issuer: issuer.kind, ordinal });
  }
}

function requireBackboneSite(
  credential: Credential,
  { siteId, backboneId }: { readonly siteId: string; readonly backboneId: string },
  directory: Directory,
): void {
  requireIssuer(credential, directory, { kind: 'infrastructure', backboneId });
  if (directory.backboneSites.get(siteId)?.backboneId !== backboneId) throw new Rejection('backbone-site.unknown');
}

const inWindow = (networkId: string, directory: Directory, now: string): string | null =>
  requireOpen(directory.networks.get(networkId), networkId, new Date(now)).endsAt;

function isOn(networkId: string, directory: Directory, now: Date): boolean {
  const window = directory.networks.get(networkId);
  return window !== undefined && !window.suspended && phaseOf(window, now) === 'open';
}

const site = (siteId: string, until: string | null): Permissions => ({
  publish: (['sync', 'report', 'certificate', 'command'] as const).map((topic) => siteSubject(siteId, topic)),
  subscribe: [siteSubject(siteId, 'nudge')],
  until,
});
