import type { AccessKind } from './items.js';

/** The doors of an access point: one server name (SNI) for each owner and kind of caller, judged by one admission. */
export type Door = AccessKind | 'bootstrap';

/**
 * What a dialler names in its handshake. It picks the admission and says nothing about the host, which is proved apart.
 * `ownerId`: the network of a claim or member door, the backbone of the others.
 */
export const serverNameOf = (door: Door, ownerId: string): string => `${ownerId}.${door}.caravan.internal`;

const SUPPLIED = 'supplied.';

/** What a dialler names who can judge the certificate that the operator of an access point supplies: it is shown that, where there is one. */
export const suppliedNameOf = (serverName: string): string => SUPPLIED + serverName;

/** What a handshake names: a door, and whether what is supplied can be shown. */
export const doorNamedBy = (name: string): { readonly serverName: string; readonly knowsSupplied: boolean } =>
  name.startsWith(SUPPLIED)
    ? { serverName: name.slice(SUPPLIED.length), knowsSupplied: true }
    : { serverName: name, knowsSupplied: false };

/** Ids of certificates every site knows without being told: what it is, and what it came with. */
export const SITE_CERTIFICATE = 'site';
export const CLAIM_CERTIFICATE = 'claim';
export const BOOTSTRAP_CERTIFICATE = 'bootstrap';

/** The names of a site's own certificates for applications, where no other is given: of listeners, and of connectors (and what those trust). */
export const SERVICE_SERVER = 'service-server';
export const SERVICE_CLIENT = 'service-client';
/** What an operator supplies to prove the access points of a site. */
export const SITE_SERVER = 'site-server';
/** An authority that an operator supplies to sign that, where it is not supplied itself. */
export const SITE_AUTHORITY = 'site-ca';
/** What an operator supplies for a link that the site dials: a directory named after it. */
export const suppliedForLink = (linkId: string): string => `link-${linkId}`;
/** The authority at a site that signs what it makes for applications. */
export const SERVICE_AUTHORITY = 'service-ca';
