import type { ConnectorTls, ListenerTls } from '@caravan/events';
import type { AccessKind, Window } from '@caravan/data-plane';

/**
 * What the log says about every site, kept so that a site can be compiled by following references and never by a search.
 * Owned and changed in place by one fold: copying a map of 10,000 members for each event would be quadratic.
 */
export interface Model {
  /** The trust domain of every identity. */
  readonly installation: string;
  readonly backbones: Map<string, Backbone>;
  /** Sites of every kind; one that is gone stays as `removed`, so that it is told so and not taken for a stranger. */
  readonly sites: Map<string, Site>;
  readonly accessPoints: Map<string, AccessPoint>;
  readonly links: Map<string, Link>;
  readonly networks: Map<string, Network>;
  readonly invitations: Map<string, Invitation>;
  readonly managementSites: Set<string>;
  /** By `anchorKey`: what a door may trust. Roots, parents and the management authority never enter here. */
  readonly anchors: Map<string, readonly Anchor[]>;
  /** By `anchorKey`: authorities of a lower ordinal admit nobody any more. */
  readonly retiredBelow: Map<string, number>;
  /** By where they are shown: serials of single certificates that were revoked, and when those end. */
  readonly revoked: Map<string, Map<string, number>>;
  /** By the door, and by the fingerprint of the certificate: what operators supply for links. */
  readonly pins: Map<string, Pins>;
  /** When the last certificate of a member or a backbone site ends. */
  readonly certifiedUntil: Map<string, number>;
  /** When the event that was taken last was decided: milliseconds since 1970, as all times here. */
  now: number;
}

export interface Backbone {
  readonly id: string;
  readonly sites: Set<string>;
  readonly networks: Set<string>;
  /** In the order of their removal: their certificates outlive them and are denied until they are over. */
  readonly removedSites: Set<string>;
  /** Of the certificates that the management plane dials this backbone with: 1, and one more with each rotation. */
  manageOrdinal: number;
}

export interface BackboneSite {
  readonly kind: 'backbone';
  readonly id: string;
  readonly backboneId: string;
  readonly accessPoints: Set<string>;
  /** The links that this site dials. */
  readonly links: Set<string>;
  /** Of its own certificate: 1 is had by enrolling, and each rotation asks for one more. */
  ordinal: number;
  /** By what its access points are proven besides what is issued to them, and by what before, the latest first: links that are up may stand on it. */
  proof: { readonly trust: readonly string[]; readonly before: readonly string[] };
  supplied: SuppliedForLinks;
}

/** What the operator of a site supplies for its links, by their ids. */
export type SuppliedForLinks = ReadonlyMap<string, { readonly fingerprint: string; readonly certificate: string }>;

/** Who shows a certificate at a door, by its fingerprint: first come first, and the first has it. */
export type Pins = Map<string, string[]>;

export const NO_PROOF: BackboneSite['proof'] = { trust: [], before: [] };

export interface MemberSite {
  readonly kind: 'member';
  readonly id: string;
  readonly networkId: string;
  /** The preferred first, each once. */
  readonly accessPoints: readonly string[];
  readonly listeners: Map<string, Listener>;
  readonly connectors: Map<string, Connector>;
  supplied: SuppliedForLinks;
  /** Of its own certificate: 1 is had by joining, and each rotation asks for one more. */
  ordinal: number;
}

export interface ManagementSite {
  readonly kind: 'management';
  readonly id: string;
  controlHost: string;
  controlPort: number;
  /** Of its own certificate: 1 came with its file, and each rotation asks for one more. */
  ordinal: number;
}

export type Site = BackboneSite | MemberSite | ManagementSite | { readonly kind: 'removed'; readonly id: string };

export interface Endpoint {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}
export interface Listener extends Endpoint {
  readonly tls?: ListenerTls;
}
export interface Connector extends Endpoint {
  readonly tls?: ConnectorTls;
}

export interface AccessPoint {
  readonly id: string;
  readonly siteId: string;
  readonly backboneId: string;
  readonly kind: AccessKind;
  readonly bindHost: string;
  readonly bindPort: number;
  /** Where others reach it; undefined until both host and port are known. */
  address: { readonly host: string; readonly port: number } | undefined;
  /** What its certificate must name; undefined while nobody knows. */
  certificateHost: string | undefined;
  /** 1, and one more for each time that `certificateHost` became another, and with each rotation. */
  ordinal: number;
  /** Who dials it: whom a new address concerns. */
  readonly dialledBy: { readonly links: Set<string>; readonly members: Set<string> };
}

export interface Link {
  readonly id: string;
  readonly siteId: string;
  readonly accessPointId: string;
  cost: number;
}

export interface Times {
  readonly startsAt: string;
  readonly endsAt: string | null;
}

export interface Network {
  readonly id: string;
  readonly backboneId: string;
  /** Ended: withdrawn from its backbone or deleted. Kept, since a member may still be admitted by a claim that was under way. */
  status: 'placed' | 'ended';
  /** From its start to its end. Whether that is now is for whoever has a clock: this model has none. */
  window: Window;
  /** What the window follows from. */
  times: Times;
  suspended: boolean;
  readonly members: Set<string>;
  /**
   * In the order of their removal: their certificates outlive them and are denied until they are over. No invitations: what they let in reaches the
   * claim endpoint and nothing else, and that refuses.
   */
  readonly deniedMembers: Set<string>;
}

export interface Invitation {
  readonly id: string;
  readonly networkId: string;
  /** The preferred first, each once. */
  readonly claimAccessPoints: readonly string[];
}

/** One authority that is the lowest of its kind. */
export interface Anchor {
  readonly authorityId: string;
  readonly ordinal: number;
  readonly certificate: string;
}

export const FIRST_ORDINAL = 1;

export const emptyModel = (installation: string): Model => ({
  installation,
  backbones: new Map(),
  sites: new Map(),
  accessPoints: new Map(),
  links: new Map(),
  networks: new Map(),
  invitations: new Map(),
  managementSites: new Set(),
  anchors: new Map(),
  retiredBelow: new Map(),
  revoked: new Map(),
  pins: new Map(),
  certifiedUntil: new Map(),
  now: 0,
});
