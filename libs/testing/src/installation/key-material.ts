import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that every P-256 private key has around its secret: in PKCS#8 before it (RFC 5958, 5915), in SEC 1 behind it. */
const AROUND_A_KEY = [
  '020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
  'a00a06082a8648ce3d030107a14403420004',
].map((hex) => Buffer.from(hex, 'hex'));

/** As base64 has them, wherever they begin within a group of three bytes: without what stands beside them. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(before === 0 ? 0 : before + 1, text.length - ((before + bytes.length) % 3 === 0 ? 0 : 1));
  });

const TEXTS: readonly (readonly [string, RegExp])[] = [
  ['a key in PEM', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  ['a key as a JWK', /"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/],
  ['the seed of an nkey', /\bS[UA][A-Z2-7]{56}\b/],
];

/** What private key is to be seen in there, in whatever writing; undefined: none. */
export function keyMaterialIn(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  for (const [what, pattern] of TEXTS) if (pattern.test(text)) return what;
  const lower = text.toLowerCase();
  // Lines of PEM and of logs are broken anywhere.
  const joined = text.replace(/(?:\\r|\\n|\s)+/g, '');
  for (const around of AROUND_A_KEY) {
    if (bytes.includes(around)) return 'the bytes of a key';
    if (lower.includes(around.toString('hex'))) return 'a key in hex';
    if (inBase64(around).some((each) => joined.includes(each))) return 'a key in base64';
  }
  return undefined;
}

/** Files below a directory with key material in them. */
export function filesWithKeys(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(directory, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
    const found = keyMaterialIn(readFileSync(path));
    return found === undefined ? [] : [`${name}: ${found}`];
  });
}
