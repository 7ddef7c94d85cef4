import type { Der } from './der.js';
import { encode, enumerated, integer, sequence, tagged, time } from './der.js';
import { authorityKeyIdentifier, crlNumber, reasonCode } from './extensions.js';
import type { Issuer, IssuerCredential } from './issuer.js';
import { readIssuer } from './issuer.js';
import { encodePem } from './pem.js';
import { PkiError } from './pki-error.js';
import { algorithmOf, signed } from './signature.js';

/** RFC 5280, 5.3.1, by its numbers. `unspecified` is said by leaving the reason out. */
const REASONS = {
  unspecified: 0,
  'key-compromise': 1,
  'ca-compromise': 2,
  'affiliation-changed': 3,
  superseded: 4,
  'cessation-of-operation': 5,
  'privilege-withdrawn': 9,
} as const;
export type RevocationReason = keyof typeof REASONS;

export interface RevokedCertificate {
  /** Lower-case hex, as `CertificateFacts` gives it. */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
}

export interface CrlRequest {
  readonly issuer: IssuerCredential;
  /** Greater than that of every list before (RFC 5280, 5.2.3): whoever has two of them knows which is the later. */
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** The next one is there by then; a reader may take an older list for none. */
  readonly nextUpdate: Date;
  /** Each serial once. A certificate may be left out when it is over. */
  readonly revoked: readonly RevokedCertificate[];
}

export interface Crl {
  readonly der: Buffer;
  readonly pem: string;
}

/**
 * Signs the list of what an authority revoked (RFC 5280, 5): version 2, with the authority's key identifier and the number.
 *
 * @throws PkiError `crl.bad-parameter`, and of the issuer as `issueCertificate` does
 */
export function signCrl(request: CrlRequest): Crl {
  const issuer = readIssuer(request.issuer);
  const der = encode(signed(toBeSigned(issuer, request), issuer.privateKey));
  return { der, pem: crlPem(der) };
}

/** The same list as text (RFC 7468, 7). */
export const crlPem = (der: Buffer): string => encodePem('X509 CRL', der);

function toBeSigned(issuer: Issuer, { number, thisUpdate, nextUpdate, revoked }: CrlRequest): Der {
  if (!(nextUpdate > thisUpdate)) throw bad('the next update comes after this one');
  const entries = entriesOf(revoked);
  return sequence(
    integer(Buffer.of(1)),
    algorithmOf(issuer.privateKey),
    issuer.name,
    time(thisUpdate),
    time(nextUpdate),
    // RFC 5280, 5.1.2.6: an empty list must be absent.
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    tagged(0, sequence(authorityKeyIdentifier(issuer.keyId), crlNumber(positive(number)))),
  );
}

/** In the order of their serials: the same revocations are the same bytes. */
function entriesOf(revoked: readonly RevokedCertificate[]): Der[] {
  const bySerial = new Map(revoked.map((each) => [each.serial, each]));
  if (bySerial.size < revoked.length) throw bad('a serial is listed twice');
  return [...bySerial.keys()].sort().map((serial) => entryOf(bySerial.get(serial)!));
}

function entryOf({ serial, revokedAt, reason }: RevokedCertificate): Der {
  if (!SERIAL.test(serial)) throw bad(`"${serial}" is not a serial in lower-case hex`);
  const said = reason === 'unspecified' ? [] : [sequence(reasonCode(enumerated(REASONS[reason])))];
  return sequence(integer(positive(BigInt(`0x${serial}`))), time(revokedAt), ...said);
}

/** At most 20 bytes, as numbers and serials of others may have. */
const SERIAL = /^[0-9a-f]{1,40}$/;
const MAX_BYTES = 20;

/** The shortest two's complement of a number that is not negative: DER knows no other. */
function positive(value: bigint): Buffer {
  const hex = value < 0n ? '' : value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  if (padded.length === 0 || padded.length > MAX_BYTES)
    throw bad(`${value} is not a number of at most ${MAX_BYTES} bytes`);
  return padded;
}

const bad = (message: string): PkiError => new PkiError('crl.bad-parameter', message);
