import type { KeyObject } from 'node:crypto';
import type { Issuer, IssuerCredential } from './issuer.js';
import type { CaProfile, LeafProfile, ProfileName } from './profiles.js';
import type { KeyPair } from './randomness.js';
import type { ValidityWindow } from './validity.js';

/** What every certificate is asked with, whoever signs it. */
export interface CertificateDetails {
  /** From `readCsr`, which proved possession of its other half. */
  readonly publicKey: KeyObject;
  /** For people, 1 to 64 characters; never a host. */
  readonly commonName: string;
  /** A SPIFFE URI from `formatIdentity`, of the kind that the profile names. */
  readonly identity?: string;
  /** DNS names and IP addresses. */
  readonly hosts?: readonly string[];
  readonly installation?: string;
  /** Where its issuer's list of revoked certificates is found, as http(s) URLs; none when nobody publishes one. */
  readonly crlUrls?: readonly string[];
  /** From `randomSerial()`: 32 lower-case hex digits, positive. */
  readonly serial: string;
  readonly now: Date;
  /** Defaults to the profile's. */
  readonly lifetimeMs?: number;
  /** Nothing is valid outside it: a network's start and end, an invitation's deadline. */
  readonly window?: ValidityWindow;
}

export interface IssueRequest extends CertificateDetails {
  readonly profile: Exclude<ProfileName, 'root'>;
  readonly issuer: IssuerCredential;
  /** Of whoever asks: no identity of another one is signed, and authorities are limited to it. */
  readonly installation: string;
}

export interface RootRequest extends Omit<
  CertificateDetails,
  'publicKey' | 'identity' | 'hosts' | 'installation' | 'crlUrls'
> {
  readonly keyPair: KeyPair;
  /** Of an installation, unless it is a site's own for its applications. */
  readonly profile?: 'root' | 'serviceCa';
}

/** A request on its way through validators, modifiers and the enforcer. */
export interface Order<Profile extends CaProfile | LeafProfile> {
  readonly details: CertificateDetails;
  readonly profile: Profile;
  readonly issuer: Issuer;
}
