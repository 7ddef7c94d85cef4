import type {
  AccessKind,
  AuthorityEstablished,
  AuthorityKind,
  EventOf,
  LinkCertificate,
  SuppliedProof,
} from '@caravan/events';

export interface AccessPointEntry {
  readonly backboneId: string;
  readonly siteId: string;
  readonly kind: AccessKind;
  readonly bindHost: string;
  readonly bindPort: number;
  readonly host: string | null;
  readonly port: number | null;
  readonly byOperator: boolean;
}
export interface MemberEntry {
  readonly networkId: string;
  readonly backboneId: string;
  /** Those that it may dial. */
  readonly accessPoints: readonly string[];
  /** What its operator supplies for its links. */
  readonly linkCertificates: readonly LinkCertificate[];
}
export interface BackboneSiteEntry {
  readonly backboneId: string;
  readonly enrolled: boolean;
  readonly proof: SuppliedProof | null;
  readonly linkCertificates: readonly LinkCertificate[];
}
export interface NetworkWindow {
  readonly startsAt: string;
  readonly endsAt: string | null;
  /** Whatever its window: nobody is let in. */
  readonly suspended?: boolean;
  /** When the log was told that its end is past, whatever the clock says now. */
  readonly endedAt?: string | null;
}
export interface NetworkEntry extends NetworkWindow {
  /** How long it stays after its end, in seconds; after it was recorded, where that came later. */
  readonly deleteAfterSeconds: number;
  /** The window that its authorities were made for last. */
  readonly certified: Pick<NetworkWindow, 'startsAt' | 'endsAt'>;
}
export type JoinedSite = { readonly kind: 'member' } | { readonly kind: 'backbone-site'; readonly backboneId: string };
/** Whoever has its secret may have a credential of the invitation made. */
export interface JoinTokenEntry {
  readonly joinTokenId: string;
  readonly invitationId: string;
  readonly networkId: string;
}
export interface AuthorityEntry {
  readonly authorityId: string;
  readonly issuerId: string | null;
  readonly kind: AuthorityKind;
  readonly origin: EventOf<typeof AuthorityEstablished>['data']['origin'];
  readonly ordinal: number;
  readonly backboneId: string | null;
  readonly networkId: string | null;
  readonly notBefore: string;
  readonly notAfter: string;
}
