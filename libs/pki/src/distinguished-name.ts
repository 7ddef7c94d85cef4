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
