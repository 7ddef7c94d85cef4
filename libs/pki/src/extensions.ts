import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { Der } from './der.js';
import {
  bits,
  booleanTrue,
  decode,
  encode,
  implicit,
  integer,
  members,
  octets,
  oid,
  sequence,
  tagged,
  wholeBits,
} from './der.js';
import type { Host } from './hosts.js';
import { exportSpki } from './keys.js';
import { OID } from './oids.js';

/** RFC 5280, 4.2: the extensions that this library writes. `DEFAULT FALSE` means that only a critical one says so. */
const extension = (id: string, value: Der): Der => sequence(oid(id), octets(encode(value)));
const critical = (id: string, value: Der): Der => sequence(oid(id), booleanTrue(), octets(encode(value)));

/** `pathLength` authorities may follow below; undefined: any number. */
export function basicConstraintsOfCa(pathLength: number | undefined): Der {
  const limit = pathLength === undefined ? [] : [integer(Buffer.of(pathLength))];
  return critical(OID.basicConstraints, sequence(booleanTrue(), ...limit));
}

/** cA is FALSE by default and DER leaves defaults out, hence the empty sequence. */
export const basicConstraintsOfLeaf = (): Der => critical(OID.basicConstraints, sequence());

/** keyCertSign (bit 5) and cRLSign (bit 6). */
export const keyUsageOfCa = (): Der => critical(OID.keyUsage, bits(Buffer.of(0b0000_0110), 1));

/** digitalSignature (bit 0) is all that TLS 1.3, and ECDHE before it, asks of a key, RSA included. */
export const keyUsageOfLeaf = (): Der => critical(OID.keyUsage, bits(Buffer.of(0b1000_0000), 7));

export type TlsUsage = 'server' | 'client';

export function extendedKeyUsage(usages: readonly TlsUsage[]): Der {
  return extension(
    OID.extendedKeyUsage,
    sequence(...usages.map((usage) => oid(usage === 'server' ? OID.serverAuth : OID.clientAuth))),
  );
}

/** RFC 7093, 2, method 1: the first 160 bits of SHA-256 over the key's bits, in place of RFC 5280's SHA-1. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const [, key] = members(decode(exportSpki(publicKey)));
  return createHash('sha256').update(wholeBits(key)).digest().subarray(0, 20);
}

/** Critical: whoever does not understand it must not pass over it (RFC 5280, 4.2.1.10). */
export const nameConstraintsExtension = (value: Der): Der => critical(OID.nameConstraints, value);

/** RFC 5280, 4.2.1.13: one distribution point, which may be reached at any of these addresses. */
export function crlDistributionPoints(urls: readonly string[]): Der {
  const fullName = tagged(0, ...urls.map((url) => implicit(GENERAL_NAME.uri, Buffer.from(url, 'ascii'))));
  return extension(OID.crlDistributionPoints, sequence(sequence(tagged(0, fullName))));
}

/** RFC 5280, 5.2.3 and 5.3.1: of a list of revoked certificates, and of one entry of it. */
export const crlNumber = (number: Buffer): Der => extension(OID.crlNumber, integer(number));
export const reasonCode = (reason: Der): Der => extension(OID.reasonCode, reason);

export const subjectKeyIdentifier = (keyId: Buffer): Der => extension(OID.subjectKeyIdentifier, octets(keyId));

export const authorityKeyIdentifier = (keyId: Buffer): Der =>
  extension(OID.authorityKeyIdentifier, sequence(implicit(GENERAL_NAME.keyIdentifier, keyId)));

/** Context tags of RFC 5280, 4.2.1.6 (GeneralName) and 4.2.1.1 (AuthorityKeyIdentifier). */
export const GENERAL_NAME = { keyIdentifier: 0, dNSName: 2, uri: 6, iPAddress: 7 } as const;

/** An IP address is written twice: as iPAddress for those who follow RFC 9525, as dNSName for routers that read no other. */
export function subjectAltName(identity: string | undefined, hosts: readonly Host[]): Der {
  const uris = identity === undefined ? [] : [implicit(GENERAL_NAME.uri, Buffer.from(identity, 'ascii'))];
  const names = hosts.map(({ name }) => implicit(GENERAL_NAME.dNSName, Buffer.from(name, 'ascii')));
  const addresses = hosts.flatMap(({ address }) => (address ? [implicit(GENERAL_NAME.iPAddress, address)] : []));
  return extension(OID.subjectAltName, sequence(...uris, ...names, ...addresses));
}
