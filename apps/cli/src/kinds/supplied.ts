import type { Item } from './kind.js';

interface LinkCertificate {
  readonly linkId: string;
  readonly subject: string;
  readonly notAfter: string;
}

/** What proves the access points of a site, in words: by what its operator supplies others judge them by those authorities. */
export function proofText({ proof }: Item): string {
  if (proof === null || proof === undefined) return 'what is issued to its access points';
  const { subject, notAfter, trust } = proof as { subject: string; notAfter: string; trust: readonly string[] };
  return `${subject}, supplied by its operator, until ${notAfter}; judged by ${trust.join(', ')}`;
}

/** What a site shows when it dials, in words. */
export function linkCertificatesText({ linkCertificates }: Item): string {
  const all = (linkCertificates ?? []) as readonly LinkCertificate[];
  if (all.length === 0) return 'its own certificate, on every link';
  return all
    .map(({ linkId, subject, notAfter }) => `${subject}, supplied by its operator for ${linkId}, until ${notAfter}`)
    .join('; ');
}
