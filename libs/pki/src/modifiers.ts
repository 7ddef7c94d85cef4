import type { Der } from './der.js';
import {
  authorityKeyIdentifier,
  basicConstraintsOfCa,
  basicConstraintsOfLeaf,
  extendedKeyUsage,
  keyIdentifier,
  keyUsageOfCa,
  keyUsageOfLeaf,
  subjectAltName,
  subjectKeyIdentifier,
} from './extensions.js';
import { canonicalHosts } from './hosts.js';
import type { Order } from './order.js';
import type { CaProfile, LeafProfile } from './profiles.js';

/** Each adds one extension. All of it comes from the profile and the request; a CSR's wishes never get this far. */
export type Modifier<Profile extends CaProfile | LeafProfile> = (order: Order<Profile>) => Der;

const keyIdentifiers: readonly Modifier<CaProfile | LeafProfile>[] = [
  ({ details }) => subjectKeyIdentifier(keyIdentifier(details.publicKey)),
  ({ issuer }) => authorityKeyIdentifier(issuer.keyId),
];

export const caModifiers: readonly Modifier<CaProfile>[] = [
  ({ profile }) => basicConstraintsOfCa(profile.pathLength),
  () => keyUsageOfCa(),
  ...keyIdentifiers,
];

export const leafModifiers: readonly Modifier<LeafProfile>[] = [
  () => basicConstraintsOfLeaf(),
  () => keyUsageOfLeaf(),
  ({ profile }) => extendedKeyUsage(profile.usages),
  ...keyIdentifiers,
  ({ details }) => subjectAltName(details.identity, canonicalHosts(details.hosts ?? [])),
];
