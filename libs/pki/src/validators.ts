import { hostOf } from './hosts.js';
import { isInstallation, parseIdentity } from './identity.js';
import { isSupportedKey } from './keys.js';
import type { Order } from './order.js';
import { PkiError } from './pki-error.js';
import type { CaProfile, LeafProfile } from './profiles.js';

/** Each refuses one way in which a request is wrong. They change nothing and run before anything is built. */
export type Validator<Profile extends CaProfile | LeafProfile> = (order: Order<Profile>) => void;

/** 16 bytes whose first is 01..7f: positive, and never shortened by DER (RFC 5280, 4.1.2.2). */
const SERIAL = /^(?!00)[0-7][0-9a-f]{31}$/;
const MAX_URL = 512;
/** Printable ASCII: what an IA5String holds. */
const HTTP = /^https?:\/\/[!-~]+$/;
const CENTURY_MS = 100 * 365 * 24 * 60 * 60 * 1000;

const serialIsPositive: Validator<CaProfile | LeafProfile> = ({ details: { serial } }) => {
  if (!SERIAL.test(serial)) {
    throw new PkiError('certificate.bad-serial', 'a serial is positive and has 32 lower-case hex digits');
  }
};

const keyIsSupported: Validator<CaProfile | LeafProfile> = ({ details: { publicKey } }) => {
  if (publicKey.type !== 'public' || !isSupportedKey(publicKey)) {
    throw new PkiError('key.unsupported', 'a public key is EC P-256 or P-384, or RSA of 2048 to 4096 bits');
  }
};

const lifetimeIsSane: Validator<CaProfile | LeafProfile> = ({ details: { lifetimeMs } }) => {
  if (lifetimeMs !== undefined && !(lifetimeMs > 0 && lifetimeMs <= CENTURY_MS)) {
    throw new PkiError(
      'certificate.bad-lifetime',
      'a lifetime is positive and at most a hundred years, in milliseconds',
    );
  }
};

/** Path lengths shrink on the way down; verifiers would refuse the chain later, far from whoever could mend it. */
const issuerLeavesRoom: Validator<CaProfile> = ({ profile, issuer }) => {
  if (issuer.pathLength !== undefined && issuer.pathLength <= profile.pathLength) {
    throw new PkiError(
      'issuer.path-too-short',
      `an issuer of path length ${issuer.pathLength} cannot sign an authority of path length ${profile.pathLength}`,
    );
  }
};

const authoritiesHaveNoNames: Validator<CaProfile> = ({ details: { identity, hosts = [] } }) => {
  if (identity !== undefined) throw new PkiError('certificate.bad-identity', 'an authority has no identity');
  if (hosts.length > 0) throw new PkiError('certificate.bad-host', 'an authority has no hosts');
};

/** A root is the administrator's, and of no installation. */
const limitIsNamed: Validator<CaProfile> = ({ profile, details: { installation = '' } }) => {
  if (profile.names === 'any' || isInstallation(installation)) return;
  throw new PkiError('certificate.bad-identity', `"${installation}" is no name of an installation to limit it to`);
};

const crlUrlsAreUrls: Validator<CaProfile | LeafProfile> = ({ details: { crlUrls = [] } }) => {
  const bad = crlUrls.find((url) => url.length > MAX_URL || !HTTP.test(url) || !URL.canParse(url));
  if (bad !== undefined) {
    throw new PkiError(
      'certificate.bad-crl-url',
      `"${bad}" is not an http or https URL of at most ${MAX_URL} characters`,
    );
  }
};

const identityFits: Validator<LeafProfile> = ({ profile, details: { identity, installation } }) => {
  if (identity === undefined && !profile.identityRequired) return;
  const named = identity === undefined ? undefined : parseIdentity(identity);
  if (named?.kind === profile.identity && named.installation === installation) return;
  throw new PkiError(
    'certificate.bad-identity',
    `this profile names a ${profile.identity} of ${installation ?? 'an installation'}, not ${identity ?? 'nobody'}`,
  );
};

const hostsFit: Validator<LeafProfile> = ({ profile, details: { hosts = [] } }) => {
  if (profile.hosts === 'required' && hosts.length === 0) {
    throw new PkiError('certificate.bad-host', 'a server certificate needs at least one host');
  }
  if (profile.hosts === 'none' && hosts.length > 0) {
    throw new PkiError('certificate.bad-host', 'this profile serves nothing, so it has no hosts');
  }
  const bad = hosts.find((host) => hostOf(host) === undefined);
  if (bad !== undefined) {
    throw new PkiError('certificate.bad-host', `"${bad}" is neither a DNS name (without wildcard) nor an IP address`);
  }
};

const always = [serialIsPositive, keyIsSupported, lifetimeIsSane, crlUrlsAreUrls];

export const caValidators: readonly Validator<CaProfile>[] = [
  ...always,
  issuerLeavesRoom,
  authoritiesHaveNoNames,
  limitIsNamed,
];
export const leafValidators: readonly Validator<LeafProfile>[] = [...always, identityFits, hostsFit];
