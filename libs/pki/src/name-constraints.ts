import type { Der } from './der.js';
import { content, implicit, isTagged, members, membersOfTagged, sequence, tagged } from './der.js';
import type { GeneralNames, ReadExtension } from './certificate-extensions.js';
import { extensionOf } from './certificate-extensions.js';
import { GENERAL_NAME } from './extensions.js';
import { OID } from './oids.js';
import type { CaNames } from './profiles.js';

/** RFC 5280, 4.2.1.10: which names the certificates below an authority may hold. */
export interface NameConstraints {
  readonly permitted: readonly Der[];
  readonly excluded: readonly Der[];
}

const uri = (host: string): Der => implicit(GENERAL_NAME.uri, Buffer.from(host, 'ascii'));
const subtree = (base: Der): Der => sequence(base);
const V4 = 4;
const V6 = 16;
/** Address and mask, all zero: every address of that length. */
const everyAddress = (bytes: number): Der => implicit(GENERAL_NAME.iPAddress, Buffer.alloc(2 * bytes));
const everyDnsName = (): Der => implicit(GENERAL_NAME.dNSName, Buffer.alloc(0));

/** What a profile grants, within one installation. Undefined: no limit, and no extension. */
export function nameConstraintsOf(names: CaNames, installation = ''): Der | undefined {
  const own = tagged(0, subtree(uri(installation)));
  switch (names) {
    case 'any':
      return undefined;
    case 'installation':
      return sequence(own);
    case 'no-hosts':
      return sequence(own, tagged(1, ...[everyDnsName(), everyAddress(V4), everyAddress(V6)].map(subtree)));
  }
}

/** Throws on a malformed one, and on `minimum` and `maximum`, which RFC 5280 does not let anybody use. */
export function readNameConstraints(extensions: readonly ReadExtension[]): NameConstraints | undefined {
  const extension = extensionOf(extensions, OID.nameConstraints);
  if (!extension) return undefined;
  const parts = members(extension);
  const bases = (tag: number): Der[] => {
    const list = parts.find((part) => isTagged(part, tag));
    return list ? membersOfTagged(list, tag).map(baseOf) : [];
  };
  return { permitted: bases(0), excluded: bases(1) };
}

function baseOf(node: Der): Der {
  const [base, ...limits] = members(node);
  if (base === undefined || limits.length > 0) throw new Error('a subtree with limits');
  return base;
}

export type NameVerdict = 'permitted' | 'not-permitted' | 'not-understood';

/**
 * Judges the alternative names of a certificate. A constraint on a form of name that is not looked into here (a directory name, an
 * e-mail address) is `not-understood`: to pass over it would be to lift it.
 */
export function judgeNames({ permitted, excluded }: NameConstraints, names: GeneralNames): NameVerdict {
  if ([...permitted, ...excluded].some((base) => !FORMS.some(({ tag }) => isTagged(base, tag))))
    return 'not-understood';
  const fits = FORMS.every(({ tag, of, within }) => {
    const [allowed, forbidden] = [permitted, excluded].map((bases) =>
      bases.filter((base) => isTagged(base, tag)).map(content),
    ) as [Buffer[], Buffer[]];
    return of(names).every(
      (name) =>
        (allowed.length === 0 || allowed.some((base) => within(name, base))) &&
        !forbidden.some((base) => within(name, base)),
    );
  });
  return fits ? 'permitted' : 'not-permitted';
}

interface Form {
  readonly tag: number;
  readonly of: (names: GeneralNames) => readonly Buffer[];
  readonly within: (name: Buffer, base: Buffer) => boolean;
}

const FORMS: readonly Form[] = [
  { tag: GENERAL_NAME.uri, of: ({ uris }) => uris, within: (name, base) => hostWithin(hostOfUri(name), text(base)) },
  {
    tag: GENERAL_NAME.dNSName,
    of: ({ dnsNames }) => dnsNames,
    within: (name, base) => dnsWithin(text(name), text(base)),
  },
  { tag: GENERAL_NAME.iPAddress, of: ({ addresses }) => addresses, within: addressWithin },
];

const text = (bytes: Buffer): string => bytes.toString('latin1').toLowerCase();

/** The host of `scheme://[user@]host[:port]/...`; empty when there is none, which no constraint permits. */
const hostOfUri = (bytes: Buffer): string =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^:/?#]*)/.exec(text(bytes))?.[1] ?? '';

/** A base that begins with a period is every host below it; one that does not is that host alone. */
const hostWithin = (host: string, base: string): boolean =>
  host !== '' && (base.startsWith('.') ? host.endsWith(base) : host === base);

/** A name and everything below it; an empty base is every name. */
const dnsWithin = (name: string, base: string): boolean =>
  base === '' || name === base || name.endsWith(base.startsWith('.') ? base : `.${base}`);

function addressWithin(address: Buffer, base: Buffer): boolean {
  if (base.length !== 2 * address.length) return false;
  return address.every((byte, at) => ((byte ^ base[at]!) & base[address.length + at]!) === 0);
}
