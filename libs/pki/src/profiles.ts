import type { TlsUsage } from './extensions.js';
import type { IdentityKind } from './identity.js';

const DAY = 24 * 60 * 60 * 1000;
const YEAR = 365 * DAY;

/**
 * Every kind of certificate there is, as data. What a profile does not grant, a certificate of that profile cannot have.
 *
 *     root 3
 *     ├─ managementCa 0 ─────── natsServer, apiServer, service, managementSite, administrator
 *     └─ backboneCa 2
 *        ├─ infrastructureCa 0 ─ backboneSite, accessPoint, manageLink, bootstrap
 *        └─ networkCa 1
 *           ├─ claimCa 0 ─────── claim
 *           └─ memberCa 0 ────── member
 *
 *     serviceCa 0 ─ serviceServer, serviceClient
 *
 * The second tree is a site's own, for TLS with its applications; nobody else trusts it.
 *
 * The number is the path length: how many authorities may stand between that one and a leaf (RFC 5280, 4.2.1.9). With 0 an
 * authority signs leaves only, so a stolen claim CA cannot make itself a member CA.
 */
export interface CaProfile {
  readonly kind: 'ca';
  readonly pathLength: number;
  /** What certificates below it may name (RFC 5280, 4.2.1.10); the root is the administrator's and limits nothing. */
  readonly names: CaNames;
  /** Milliseconds, unless the request says otherwise; always cut to the issuer's validity and the window. */
  readonly lifetimeMs: number;
}

/**
 * `any`: no limit of its own. `installation`: no identity of another installation, so that a company's root may stand above
 * several. `no-hosts`: that, and nothing that could be dialled, so that a stolen authority of members cannot make a server.
 * The lowest ones say it again: what stands above them may be signed by somebody who leaves it out.
 */
export type CaNames = 'any' | 'installation' | 'no-hosts';

export interface LeafProfile {
  readonly kind: 'leaf';
  readonly usages: readonly TlsUsage[];
  /** Whom the certificate may name. `identityRequired` is false where a host name is all that the other end checks. */
  readonly identity: IdentityKind;
  readonly identityRequired: boolean;
  readonly hosts: 'required' | 'optional' | 'none';
  readonly lifetimeMs: number;
}

const ca = (pathLength: number, lifetimeMs: number, names: CaNames = 'any'): CaProfile => ({
  kind: 'ca',
  pathLength,
  names,
  lifetimeMs,
});

const leaf = (
  usages: readonly TlsUsage[],
  identity: IdentityKind,
  hosts: LeafProfile['hosts'],
  { lifetimeMs = 90 * DAY, identityRequired = true } = {},
): LeafProfile => ({ kind: 'leaf', usages, identity, identityRequired, hosts, lifetimeMs });

export const PROFILES = {
  root: ca(3, 20 * YEAR),
  managementCa: ca(0, 10 * YEAR, 'installation'),
  backboneCa: ca(2, 10 * YEAR, 'installation'),
  infrastructureCa: ca(0, 5 * YEAR, 'installation'),
  networkCa: ca(1, 5 * YEAR, 'no-hosts'),
  claimCa: ca(0, 5 * YEAR, 'no-hosts'),
  memberCa: ca(0, 5 * YEAR, 'no-hosts'),
  serviceCa: ca(0, 10 * YEAR),

  natsServer: leaf(['server'], 'service', 'required', { identityRequired: false }),
  apiServer: leaf(['server'], 'service', 'required', { identityRequired: false }),
  service: leaf(['client'], 'service', 'none'),
  managementSite: leaf(['client'], 'management-site', 'none'),
  // Asks the API with it, as people do with a token.
  administrator: leaf(['client'], 'administrator', 'none'),

  // It dials other sites and answers the links that are dialled to it.
  backboneSite: leaf(['client', 'server'], 'backbone-site', 'optional'),
  accessPoint: leaf(['server'], 'access-point', 'required'),
  // The management plane's relay dials `manage` access points.
  manageLink: leaf(['client'], 'manage-link', 'none'),
  // A new site's one-time bundle. It also serves the site's `manage` access point until that has a certificate of its own.
  bootstrap: leaf(['client', 'server'], 'bootstrap', 'optional', { lifetimeMs: 7 * DAY }),

  claim: leaf(['client'], 'claim', 'none', { lifetimeMs: 30 * DAY }),
  member: leaf(['client'], 'member', 'none'),

  // Applications know hosts, and nothing of identities.
  serviceServer: leaf(['server'], 'service', 'required', { identityRequired: false }),
  serviceClient: leaf(['client'], 'service', 'required', { identityRequired: false }),
} as const satisfies Record<string, CaProfile | LeafProfile>;

type Names<Kind> = {
  [Name in keyof typeof PROFILES]: (typeof PROFILES)[Name] extends Kind ? Name : never;
}[keyof typeof PROFILES];

export type CaProfileName = Names<CaProfile>;
export type LeafProfileName = Names<LeafProfile>;
export type ProfileName = CaProfileName | LeafProfileName;
