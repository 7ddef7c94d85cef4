import type { InvitationTerms } from '@caravan/events';

/**
 * What the management plane holds, in the plainest words: maps of things by their ids, each naming what it belongs to. It knows
 * nothing of events, streams or revisions; it is what the deciders are held against.
 */
export interface World {
  /** Global names: whose they are, and how often they were reserved. */
  readonly names: Map<string, { holder: string | undefined; times: number }>;
  readonly backbones: Map<string, { name: string; renamed: number; gone: boolean }>;
  readonly sites: Map<string, { readonly backbone: string; name: string }>;
  readonly accessPoints: Map<string, AccessPoint>;
  readonly links: Map<string, Link>;
  readonly placed: Map<string, { readonly backbone: string; readonly name: string }>;
  readonly networks: Map<string, Network>;
  readonly classes: Map<string, { readonly network: string; readonly name: string }>;
  readonly listed: Map<string, InvitationTerms>;
  readonly invitations: Map<string, Invitation>;
  readonly members: Map<string, Member>;
  readonly listeners: Map<string, Endpoint>;
  readonly connectors: Map<string, Endpoint>;
}

export interface AccessPoint {
  readonly backbone: string;
  readonly site: string;
  readonly name: string;
  readonly kind: string;
  readonly bindHost: string;
  readonly bindPort: number;
  host: string | null;
  port: number | null;
  /** Who said last where it is reached. */
  by: 'nobody' | 'site' | 'operator';
}
export interface Link {
  readonly backbone: string;
  readonly from: string;
  readonly to: string;
  readonly accessPoint: string;
  cost: number;
}
export interface Network {
  readonly backbone: string;
  readonly name: string;
  startsAt: string;
  endsAt: string | null;
  deleteAfterSeconds: number;
  suspended: boolean;
  /** `ended`: somebody wrote down that its end is past. */
  over: 'no' | 'ended' | 'deleting';
  revoked: boolean;
  gone: boolean;
}
export interface Invitation {
  readonly terms: InvitationTerms;
  is: 'open' | 'revoked' | 'gone';
  /** By the claimant's key. */
  readonly claims: Map<string, Claim>;
  readonly credentials: Set<string>;
  readonly joinTokens: Map<string, 'live' | 'withdrawn'>;
}
export interface Claim {
  readonly member: string;
  readonly name: string;
  is: 'awaited' | 'member' | 'declined' | 'gone';
}
export interface Member {
  readonly network: string;
  readonly invitation: string;
  readonly name: string;
  readonly classes: readonly string[];
  /** The highest ordinal of its certificate that somebody wanted. */
  due?: number;
  /** The last request for another certificate: its ordinal and key. */
  renewal?: string;
  /** The links for which certificates are supplied. */
  supplied?: string;
  gone: boolean;
}
export interface Endpoint {
  readonly member: string;
  address: string;
  host: string;
  port: number;
}

export const emptyWorld = (): World => ({
  names: new Map(),
  backbones: new Map(),
  sites: new Map(),
  accessPoints: new Map(),
  links: new Map(),
  placed: new Map(),
  networks: new Map(),
  classes: new Map(),
  listed: new Map(),
  invitations: new Map(),
  members: new Map(),
  listeners: new Map(),
  connectors: new Map(),
});

/** What a command comes to: a refusal by its code, or what happens, by the names of the facts, and what the world is then. */
export type Verdict = { readonly refused: string } | { readonly does: readonly string[]; readonly then: () => void };

export const refused = (code: string): Verdict => ({ refused: code });
export const does = (fact: string, then: () => void): Verdict => ({ does: [fact], then });
export const nothing: Verdict = { does: [], then: () => undefined };

/** Those of a map that fit. */
export const those = <T>(things: ReadonlyMap<string, T>, fits: (thing: T) => boolean): T[] =>
  [...things.values()].filter(fits);
