/** RFC 7468 textual encoding. */
export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL';

export function encodePem(label: PemLabel, der: Buffer): string {
  const lines = der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** What OpenSSL reads as one of these as well: who passed over it would see less in the same text. */
const ALSO: Readonly<Record<PemLabel, string>> = {
  CERTIFICATE: 'CERTIFICATE|X509 CERTIFICATE|TRUSTED CERTIFICATE',
  'CERTIFICATE REQUEST': 'CERTIFICATE REQUEST|NEW CERTIFICATE REQUEST',
  'X509 CRL': 'X509 CRL',
};

/**
 * All blocks of one label, as DER; text around them is ignored. Undefined when a block is damaged, begins or ends within a line, or has a label
 * that means the same: a bundle that lost a certificate in silence would trust, or send, something else than was meant, and two who read the same
 * text must not see two things.
 */
export function decodePem(label: PemLabel, text: string): Buffer[] | undefined {
  const begins = [...text.matchAll(new RegExp(`-----BEGIN (${ALSO[label]})-----`, 'g'))].length;
  // The body excludes '-', so the search is linear in the text whatever it holds.
  const [begin, end] = [`^-----BEGIN ${label}-----[ \\t\\r]*\\n`, `^-----END ${label}-----[ \\t\\r]*$`];
  const blocks = [...text.matchAll(new RegExp(`${begin}([A-Za-z0-9+/=\\s]*)${end}`, 'gm'))];
  const bodies = blocks.map((block) => decodeBase64(block[1]!.replace(/\s/g, '')));
  return blocks.length === begins && bodies.every((body) => body !== undefined) ? bodies : undefined;
}

/** `Buffer.from` skips what it does not understand; only text that it would write itself counts. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
