/**
 * The same certificate in other bytes, still with a good signature: of an ECDSA signature (r, s), (r, n - s) is one too, and nobody needs
 * a key for it. Whoever knows certificates by their bytes takes it for another.
 *
 * @param pem of a certificate that a P-256 key signed
 */
export function reSigned(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const certificate = valueOf(der, 0);
  const signed = valueOf(der, certificate.from);
  const algorithm = valueOf(der, signed.to);
  const signature = valueOf(der, algorithm.to);
  const pair = valueOf(der, signature.from + 1); // behind the count of unused bits
  const r = valueOf(der, pair.from);
  const s = valueOf(der, r.to);
  const other = P256_ORDER - BigInt(`0x${der.toString('hex', s.from, s.to)}`);
  const sequence = element(0x30, der.subarray(pair.from, r.to), integer(other));
  const bits = element(0x03, Buffer.of(0), sequence);
  const whole = element(0x30, der.subarray(certificate.from, algorithm.to), bits);
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** FIPS 186-4, D.1.2.3. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Where the value of the DER element at `at` begins and ends (X.690, 8.1.3). */
function valueOf(der: Buffer, at: number): { readonly from: number; readonly to: number } {
  const first = der[at + 1]!;
  const count = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + count;
  return { from, to: from + (count === 0 ? first : der.readUIntBE(at + 2, count)) };
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return element(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}
