import type forge from 'node-forge';
import asn1 from 'node-forge/lib/asn1.js';

/**
 * ASN.1 as values. The only file that knows the ASN.1 library; the rest of the room reads and writes through these names.
 * Nothing of that library's X.509 or cryptography is used: it cannot read EC keys, and node:crypto signs fifty times faster.
 * What is not used is not loaded either: it would cost 3 MB in every process, and a site has two.
 */
const { Class, Type } = asn1;

export type Der = forge.asn1.Asn1;

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const primitive = (type: forge.asn1.Type, bytes: Buffer): Der =>
  asn1.create(Class.UNIVERSAL, type, false, latin1(bytes));

export const sequence = (...items: Der[]): Der => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
export const set = (...items: Der[]): Der => asn1.create(Class.UNIVERSAL, Type.SET, true, items);
export const nullValue = (): Der => primitive(Type.NULL, Buffer.alloc(0));
export const booleanTrue = (): Der => primitive(Type.BOOLEAN, Buffer.of(0xff));
/** Two's complement, big endian; a positive number whose top bit is set needs a leading zero byte. */
export const integer = (bytes: Buffer): Der => primitive(Type.INTEGER, bytes);
export const enumerated = (value: number): Der => primitive(Type.ENUMERATED, Buffer.of(value));
export const octets = (bytes: Buffer): Der => primitive(Type.OCTETSTRING, bytes);
export const bits = (bytes: Buffer, unused = 0): Der =>
  primitive(Type.BITSTRING, Buffer.concat([Buffer.of(unused), bytes]));
export const utf8 = (text: string): Der => primitive(Type.UTF8, Buffer.from(text, 'utf8'));
export const oid = (dotted: string): Der =>
  asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes());
/** `[tag]` around whole values: EXPLICIT, or IMPLICIT over a constructed type. */
export const tagged = (tag: number, ...items: Der[]): Der => asn1.create(Class.CONTEXT_SPECIFIC, tag, true, items);
/** `[tag] IMPLICIT` over a primitive type. */
export const implicit = (tag: number, bytes: Buffer): Der =>
  asn1.create(Class.CONTEXT_SPECIFIC, tag, false, latin1(bytes));

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050; seconds, always in UTC. */
export function time(date: Date): Der {
  const text = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, Buffer.from(text.slice(2)))
    : primitive(Type.GENERALIZEDTIME, Buffer.from(text));
}

export function encode(node: Der): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

// The published types know only the boolean form. Decoding inside BIT STRINGs would guess at the structure of keys and signatures.
const fromDer = asn1.fromDer as unknown as (bytes: string, options: object) => Der;
const STRICT = { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: 32 };

/**
 * Reads one DER value. DER has exactly one encoding of a value: what does not survive re-encoding (BER lengths, trailing
 * bytes) is refused, so that the bytes that were signed are the bytes that were read.
 *
 * @throws Error of no particular kind; callers wrap it with `refusingAs`
 */
export function decode(bytes: Buffer): Der {
  const node = fromDer(latin1(bytes), STRICT);
  if (!encode(node).equals(bytes)) throw new Error('not DER');
  return node;
}

const isUniversal = (node: Der, type: forge.asn1.Type): boolean =>
  node.tagClass === Class.UNIVERSAL && node.type === type;

export const isTagged = (node: Der | undefined, tag: number): node is Der =>
  node !== undefined && node.tagClass === Class.CONTEXT_SPECIFIC && (node.type as number) === tag;

/** The members of a SEQUENCE. This and the readers below throw on a value of any other type: tags are not always signed. */
export const members = (node: Der | undefined): Der[] => constructed(node, (it) => isUniversal(it, Type.SEQUENCE));

export const membersOfSet = (node: Der | undefined): Der[] => constructed(node, (it) => isUniversal(it, Type.SET));

/** What an EXPLICIT `[tag]` holds. */
export const membersOfTagged = (node: Der | undefined, tag: number): Der[] =>
  constructed(node, (it) => isTagged(it, tag));

function constructed(node: Der | undefined, isExpected: (node: Der) => boolean): Der[] {
  if (node === undefined || !isExpected(node) || !Array.isArray(node.value))
    throw new Error('another type was expected');
  return node.value;
}

/** The content bytes of any primitive value. */
export function content(node: Der | undefined): Buffer {
  if (node === undefined || typeof node.value !== 'string') throw new Error('a primitive value was expected');
  return Buffer.from(node.value, 'latin1');
}

/** The bytes of a BIT STRING that fills whole bytes: keys and signatures. */
export function wholeBits(node: Der | undefined): Buffer {
  const bytes = contentOf(node, Type.BITSTRING);
  if (bytes.length === 0 || bytes[0] !== 0) throw new Error('a BIT STRING of whole bytes was expected');
  return bytes.subarray(1);
}

export const octetsOf = (node: Der | undefined): Buffer => contentOf(node, Type.OCTETSTRING);

/** An OBJECT IDENTIFIER in a form to compare: its content in hex. Arcs can be longer than any number (2.25.<UUID>). */
export const oidKey = (node: Der | undefined): string => contentOf(node, Type.OID).toString('hex');

function contentOf(node: Der | undefined, type: forge.asn1.Type): Buffer {
  if (node === undefined || !isUniversal(node, type)) throw new Error('another type was expected');
  return content(node);
}

/** Text of the string types that directories still use; undefined for the rest (BMPString, TeletexString). */
export function text(node: Der | undefined): string | undefined {
  const readable = [Type.UTF8, Type.PRINTABLESTRING, Type.IA5STRING];
  if (node === undefined || !readable.some((type) => isUniversal(node, type))) return undefined;
  return content(node).toString('utf8');
}
