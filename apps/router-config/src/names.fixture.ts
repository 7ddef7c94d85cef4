import { createHash } from 'node:crypto';

export const INSTALLATION = 'acme';

/** A UUID for a name, always the same one: specs speak of `id('north')`. */
export function id(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
export const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
export const claimantKey = '0'.repeat(64);

/** When networks start, unless a spec says otherwise. */
export const STARTS_AT = '2026-01-01T00:00:00.000Z';
export const daysLater = (days: number): string =>
  new Date(Date.parse(STARTS_AT) + days * 24 * 60 * 60 * 1000).toISOString();
