import type { Der } from './der.js';
import { members, membersOfSet, oid, oidKey, sequence, set, text, utf8 } from './der.js';
import { hostOf } from './hosts.js';
import { OID } from './oids.js';
import { PkiError } from './pki-error.js';

/** RFC 5280, appendix A: ub-common-name. */
const MAX_CHARACTERS = 64;
const COMMON_NAME = oidKey(oid(OID.commonName));

/**
 * A subject of one common name. It is for people to read and never a host: some verifiers still take the CN for a DNS name
 * when there is no subjectAltName (RFC 6125, 6.4.4).
 *
 * @throws PkiError `certificate.bad-common-name`
 */
export function subjectOf(commonName: string): Der {
  const characters = [...commonName].length;
  if (characters === 0 || characters > MAX_CHARACTERS || /\p{C}/u.test(commonName)) {
    throw new PkiError('certificate.bad-common-name', `a common name has 1 to ${MAX_CHARACTERS} printable characters`);
  }
  if (/[.:]/.test(commonName) && hostOf(commonName.replace(/^\*\./, '')) !== undefined) {
    throw new PkiError(
      'certificate.bad-common-name',
      `"${commonName}" could be taken for a host; hosts go into "hosts"`,
    );
  }
  return sequence(set(sequence(oid(OID.commonName), utf8(commonName))));
}

/**
 * OpenSSL's text of such a subject, as `describeCertificate` gives it; undefined for a name with characters that it would escape.
 */
export const subjectText = (commonName: string): string | undefined =>
  PLAIN.test(commonName) ? `CN=${commonName}` : undefined;

/** RFC 4514, 2.4, escapes others, and spaces at either end. */
const PLAIN = /^[A-Za-z0-9(]([A-Za-z0-9 ()._:@/-]*[A-Za-z0-9()])?$/;

/** The first common name, if it has one in a readable string type. */
export function commonNameOf(name: Der): string | undefined {
  for (const relative of members(name)) {
    for (const attribute of membersOfSet(relative)) {
      const [type, value] = members(attribute);
      if (oidKey(type) === COMMON_NAME) return text(value);
    }
  }
  return undefined;
}
