import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Secret } from '@caravan/pki';

/** Ed25519 keys as NATS writes them (nkeys, README): a prefix for the kind, the key, a CRC-16, all in base32. */
export type NkeyKind = 'user' | 'account';

const PREFIX: Record<NkeyKind, number> = { user: 20 << 3, account: 0 };
const SEED = 18 << 3;
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410: what stands before a raw Ed25519 seed
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** CRC-16/XMODEM, low byte first. */
function checksum(bytes: Uint8Array): Buffer {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return Buffer.from([crc & 0xff, crc >> 8]);
}

/** RFC 4648, 6, without padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function unbase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function encode(...parts: Uint8Array[]): string {
  const body = Buffer.concat(parts);
  return base32(Buffer.concat([body, checksum(body)]));
}

export function encodeSeed(kind: NkeyKind, raw: Uint8Array): string {
  return encode(Buffer.from([SEED | (PREFIX[kind] >> 5), (PREFIX[kind] & 31) << 3]), raw);
}

/** The public key (`U...`, `A...`) of a seed; throws when it is no seed of that kind. */
export function publicNkey(kind: NkeyKind, seed: string): string {
  const raw = unbase32(seed).subarray(2, 34);
  if (!/^[A-Z2-7]{58}$/.test(seed) || encodeSeed(kind, raw) !== seed)
    throw new Error(`that is no nkey seed of kind ${kind}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return encode(Buffer.from([PREFIX[kind]]), spki.subarray(-32));
}

/** An nkey kept in a file: made on first use, 0600, the seed alone on its line. */
export function ensureNkey(
  file: string,
  kind: NkeyKind,
): { readonly publicKey: string; readonly seed: Secret<string> } {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${encodeSeed(kind, randomBytes(32))}\n`, { mode: 0o600, flag: 'wx' });
  }
  const seed = readFileSync(file, 'utf8').trim();
  try {
    return { publicKey: publicNkey(kind, seed), seed: new Secret(seed) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}. Put it back, or start with --reset.`, { cause: error });
  }
}
