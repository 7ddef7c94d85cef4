import { createHash } from 'node:crypto';

/** A UUID for a name, always the same one: specs speak of `id('north')`. */
export function id(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The fingerprint of a key that is known by a name. */
export const key = (name: string): string => createHash('sha256').update(`key of ${name}`).digest('hex');

/** What a decider sees of a certificate request: its endpoint has checked the signature before. */
export const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';

/** What an operator supplies for the link of that name. */
export const linkCertificate = (name: string) => ({
  ...{ linkId: name, certificate: `-----BEGIN CERTIFICATE-----\n${name}`, subject: `CN=${name}` },
  ...{ fingerprint: key(name), notAfter: '2027-01-01T00:00:00.000Z' },
});
