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
import type { Host } from './hosts.js';
import { hostOf } from './hosts.js';
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
  ({ details }) => subjectAltName(details.identity, distinctHosts(details.hosts ?? [])),
];

function distinctHosts(names: readonly string[]): Host[] {
  const hosts = names.map(hostOf).filter((host) => host !== undefined);
  return [...new Map(hosts.map((host) => [host.name, host])).values()];
}
