import type { Der } from './der.js';
import {
  authorityKeyIdentifier,
  basicConstraintsOfCa,
  basicConstraintsOfLeaf,
  crlDistributionPoints,
  extendedKeyUsage,
  keyIdentifier,
  keyUsageOfCa,
  keyUsageOfLeaf,
  nameConstraintsExtension,
  subjectAltName,
  subjectKeyIdentifier,
} from './extensions.js';
import { canonicalHosts } from './hosts.js';
import { nameConstraintsOf } from './name-constraints.js';
import type { Order } from './order.js';
import type { CaProfile, LeafProfile } from './profiles.js';

/** Each adds one extension, or none. All of it comes from the profile and the request; a CSR's wishes never get this far. */
export type Modifier<Profile extends CaProfile | LeafProfile> = (order: Order<Profile>) => Der | undefined;

const keyIdentifiers: readonly Modifier<CaProfile | LeafProfile>[] = [
  ({ details }) => subjectKeyIdentifier(keyIdentifier(details.publicKey)),
  ({ issuer }) => authorityKeyIdentifier(issuer.keyId),
];

const whereRevoked: Modifier<CaProfile | LeafProfile> = ({ details: { crlUrls = [] } }) =>
  crlUrls.length === 0 ? undefined : crlDistributionPoints(crlUrls);

const whatMayBeNamed: Modifier<CaProfile> = ({ profile: { names }, details: { installation } }) => {
  const limits = nameConstraintsOf(names, installation);
  return limits && nameConstraintsExtension(limits);
};

export const caModifiers: readonly Modifier<CaProfile>[] = [
  ({ profile }) => basicConstraintsOfCa(profile.pathLength),
  () => keyUsageOfCa(),
  ...keyIdentifiers,
  whatMayBeNamed,
  whereRevoked,
];

export const leafModifiers: readonly Modifier<LeafProfile>[] = [
  () => basicConstraintsOfLeaf(),
  () => keyUsageOfLeaf(),
  ({ profile }) => extendedKeyUsage(profile.usages),
  ...keyIdentifiers,
  ({ details }) => subjectAltName(details.identity, canonicalHosts(details.hosts ?? [])),
  whereRevoked,
];
