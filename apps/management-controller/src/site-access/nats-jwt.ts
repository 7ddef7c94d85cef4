import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * The JWTs of NATS (ADR-26 of nats-architecture-and-design), signed and verified with node:crypto: the stock library's pure
 * JavaScript Ed25519 costs 4-30 ms for each of the four operations of one connection.
 */

/** DER before a raw Ed25519 seed (RFC 8410, PKCS#8). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const HEADER = base64url(JSON.stringify({ typ: 'JWT', alg: 'ed25519-nkey' }));

/** An nkey that signs. `publicKey` is the printable form (`A…`, `U…`). */
export interface SigningKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** @throws RangeError when `text` is no nkey seed. */
export function signingKey(text: string): SigningKey {
  const seed = /^S[A-Z2-7]{57}$/m.exec(text)?.[0];
  if (seed === undefined) throw new RangeError('not an nkey seed');
  const raw = base32Decode(seed);
  // Two prefix bytes: 5 bits "seed", 8 bits the kind of key, then the 32 bytes and a CRC-16 (nkeys, README).
  const kind = ((raw[0]! & 7) << 5) | ((raw[1]! & 248) >> 3);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, raw.subarray(2, 34)]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { publicKey: encodePublicKey(kind, spki.subarray(-32)), privateKey };
}

/** A signed JWT of `claims`; `iat`, `jti` and `iss` are added. */
export function encodeJwt(claims: Record<string, unknown>, key: SigningKey, now: Date): string {
  const issued = { jti: randomBytes(16).toString('hex'), iat: Math.floor(now.getTime() / 1000), iss: key.publicKey };
  const body = `${HEADER}.${base64url(JSON.stringify({ ...claims, ...issued }))}`;
  return `${body}.${sign(null, Buffer.from(body), key.privateKey).toString('base64url')}`;
}

/**
 * The claims of a JWT that its issuer really signed. Whether that issuer may say so is the caller's question.
 * @throws RangeError when it is malformed or the signature is not the issuer's.
 */
export function decodeJwt(text: string): Record<string, unknown> & { readonly iss: string } {
  const [header, payload, signature, ...rest] = text.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw new RangeError('not a JWT');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const issuer = claims['iss'];
  if (typeof issuer !== 'string') throw new RangeError('a JWT without an issuer');
  const key = publicKeyOf(issuer);
  const signed = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  if (!signed) throw new RangeError('a JWT that its issuer did not sign');
  return { ...claims, iss: issuer };
}

/** As a JWK (RFC 8037, 2): OpenSSL reads that seven times as fast as DER. */
function publicKeyOf(nkey: string): KeyObject {
  const raw = base32Decode(nkey).subarray(1, 33);
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

function encodePublicKey(kind: number, raw: Buffer): string {
  const body = Buffer.concat([Buffer.from([kind]), raw]);
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(body));
  return base32Encode(Buffer.concat([body, crc]));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, without padding. */
function base32Encode(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31]!;
    }
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31]! : text;
}

function base32Decode(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new RangeError('not base32');
    value = ((value << 5) | digit) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 255);
    }
  }
  return Buffer.from(bytes);
}

/** CRC-16/XMODEM, as nkeys has it. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
