import type { Der } from './der.js';
import { content, decode, isTagged, members, membersOfTagged, octetsOf, oid, oidKey } from './der.js';
import type { TlsUsage } from './extensions.js';
import { GENERAL_NAME } from './extensions.js';
import { addressText } from './hosts.js';
import { OID } from './oids.js';

/** An extension as found in a certificate. The readers below throw on a malformed one. */
export interface ReadExtension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** `[3] EXPLICIT SEQUENCE OF Extension`, the last field of a version 3 TBSCertificate. */
export function readExtensions(fields: readonly Der[]): ReadExtension[] {
  const list = fields.find((field) => isTagged(field, 3));
  return (list ? members(membersOfTagged(list, 3)[0]) : []).map((node) => {
    const parts = members(node);
    return { id: oidKey(parts[0]), critical: parts.length === 3, value: octetsOf(parts.at(-1)) };
  });
}

/** The value of an extension, decoded. */
export function extensionOf(extensions: readonly ReadExtension[], id: string): Der | undefined {
  const found = extensions.filter((extension) => extension.id === oidKey(oid(id)));
  // RFC 5280, 4.2: at most one instance. Two readers would pick different ones.
  if (found.length > 1) throw new Error('an extension appears twice');
  return found[0] && decode(found[0].value);
}

/** The alternative names of the forms that mean something here, as encoded. */
export interface GeneralNames {
  readonly uris: readonly Buffer[];
  readonly dnsNames: readonly Buffer[];
  readonly addresses: readonly Buffer[];
}

/** From the encoding, not from OpenSSL's text of it, which has been a way to smuggle in names (CVE-2021-44532). */
export function generalNames(extensions: readonly ReadExtension[]): GeneralNames {
  const extension = extensionOf(extensions, OID.subjectAltName);
  const names = extension ? members(extension) : [];
  const tagged = (tag: number): Buffer[] => names.filter((name) => isTagged(name, tag)).map(content);
  return {
    uris: tagged(GENERAL_NAME.uri),
    dnsNames: tagged(GENERAL_NAME.dNSName),
    addresses: tagged(GENERAL_NAME.iPAddress),
  };
}

/** The same as text: an address that is written twice is one host. */
export function alternativeNames({ uris, dnsNames, addresses }: GeneralNames): { uris: string[]; hosts: string[] } {
  const texts = (names: readonly Buffer[]): string[] => names.map((name) => name.toString('latin1'));
  const numeric = addresses.map((bytes) => addressText(bytes) ?? bytes.toString('hex'));
  return { uris: texts(uris), hosts: [...new Set([...texts(dnsNames), ...numeric])] };
}

export function subjectKeyId(extensions: readonly ReadExtension[]): Buffer | undefined {
  const extension = extensionOf(extensions, OID.subjectKeyIdentifier);
  return extension && octetsOf(extension);
}

export function authorityKeyId(extensions: readonly ReadExtension[]): Buffer | undefined {
  const extension = extensionOf(extensions, OID.authorityKeyIdentifier);
  const keyId = extension && members(extension).find((part) => isTagged(part, GENERAL_NAME.keyIdentifier));
  return keyId && content(keyId);
}

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
export function pathLength(extensions: readonly ReadExtension[]): number | undefined {
  const extension = extensionOf(extensions, OID.basicConstraints);
  const limit = extension && members(extension)[1];
  return limit && content(limit).readUIntBE(0, content(limit).length);
}

export const hasExtension = (extensions: readonly ReadExtension[], id: string): boolean =>
  extensions.some((extension) => extension.id === oidKey(oid(id)));

export const isCritical = (extensions: readonly ReadExtension[], id: string): boolean =>
  extensions.some((extension) => extension.id === oidKey(oid(id)) && extension.critical);

/** RFC 5280, 4.2.1.3, by bit. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Undefined: there is no such extension, and the key may be used for anything. */
export function keyUsages(extensions: readonly ReadExtension[]): KeyUsage[] | undefined {
  const extension = extensionOf(extensions, OID.keyUsage);
  // The first byte counts the bits of the last that mean nothing.
  const bits = extension && content(extension)[1];
  return bits === undefined ? undefined : KEY_USAGES.filter((_, bit) => (bits & (0x80 >> bit)) !== 0);
}

export function usages(extensions: readonly ReadExtension[]): TlsUsage[] {
  const extension = extensionOf(extensions, OID.extendedKeyUsage);
  const granted = extension ? members(extension).map(oidKey) : [];
  const ids = { server: OID.serverAuth, client: OID.clientAuth };
  return (['server', 'client'] as const).filter((usage) => granted.includes(oidKey(oid(ids[usage]))));
}
