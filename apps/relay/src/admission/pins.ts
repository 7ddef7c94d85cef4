import { X509Certificate } from 'node:crypto';
import type { AdmissionItem } from '@caravan/data-plane';
import type { Peer } from './peer.js';

type Pin = NonNullable<AdmissionItem['pinned']>[number];

/** One door's, read once: who knocks may be many. */
const readable = new WeakMap<AdmissionItem, ReadonlyMap<string, Pin>>();

/** What a door lets in for its own sake, by certificate. One that cannot be read must not shut the door for everybody, and is left out. */
function pinsOf(door: AdmissionItem): ReadonlyMap<string, Pin> {
  let pins = readable.get(door);
  if (!pins) {
    pins = new Map((door.pinned ?? []).flatMap((pin) => asRead(pin.certificate).map((pem) => [pem, pin] as const)));
    readable.set(door, pins);
  }
  return pins;
}

/** What OpenSSL is to take a chain to: the authorities of a door, and each certificate that is pinned there. */
export const anchorsOf = (door: AdmissionItem): readonly string[] => [...door.trust, ...pinsOf(door).keys()];

/** Whose certificate it is that the peer has proven, as the management plane says; undefined: nobody's. */
export const pinnedAs = ({ presented: [leaf] }: Pick<Peer, 'presented'>, door: AdmissionItem): string | undefined =>
  leaf === undefined ? undefined : pinsOf(door).get(leaf)?.identity;

/** As a peer's is written, so that equal certificates are equal strings. */
function asRead(pem: string): string[] {
  try {
    return [new X509Certificate(pem).toString()];
  } catch {
    return [];
  }
}
