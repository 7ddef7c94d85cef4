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

function find(extensions: readonly ReadExtension[], id: string): Der | undefined {
  const found = extensions.filter((extension) => extension.id === oidKey(oid(id)));
  // RFC 5280, 4.2: at most one instance. Two readers would pick different ones.
  if (found.length > 1) throw new Error('an extension appears twice');
  return found[0] && decode(found[0].value);
}

/** From the encoding, not from OpenSSL's text of it, which has been a way to smuggle in names (CVE-2021-44532). */
export function alternativeNames(extensions: readonly ReadExtension[]): { uris: string[]; hosts: string[] } {
  const extension = find(extensions, OID.subjectAltName);
  const names = extension ? members(extension) : [];
  const tagged = (tag: number): Buffer[] => names.filter((name) => isTagged(name, tag)).map(content);
  const texts = (tag: number): string[] => tagged(tag).map((name) => name.toString('latin1'));
  const addresses = tagged(GENERAL_NAME.iPAddress).map((bytes) => addressText(bytes) ?? bytes.toString('hex'));
  return { uris: texts(GENERAL_NAME.uri), hosts: [...new Set([...texts(GENERAL_NAME.dNSName), ...addresses])] };
}

export function subjectKeyId(extensions: readonly ReadExtension[]): Buffer | undefined {
  const extension = find(extensions, OID.subjectKeyIdentifier);
  return extension && octetsOf(extension);
}

export function authorityKeyId(extensions: readonly ReadExtension[]): Buffer | undefined {
  const extension = find(extensions, OID.authorityKeyIdentifier);
  const keyId = extension && members(extension).find((part) => isTagged(part, GENERAL_NAME.keyIdentifier));
  return keyId && content(keyId);
}

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
export function pathLength(extensions: readonly ReadExtension[]): number | undefined {
  const extension = find(extensions, OID.basicConstraints);
  const limit = extension && members(extension)[1];
  return limit && content(limit).readUIntBE(0, content(limit).length);
}

export function usages(extensions: readonly ReadExtension[]): TlsUsage[] {
  const extension = find(extensions, OID.extendedKeyUsage);
  const granted = extension ? members(extension).map(oidKey) : [];
  const ids = { server: OID.serverAuth, client: OID.clientAuth };
  return (['server', 'client'] as const).filter((usage) => granted.includes(oidKey(oid(ids[usage]))));
}
