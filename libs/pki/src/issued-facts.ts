import { createHash } from 'node:crypto';
import type { CertificateFacts } from './certificate.js';
import { subjectText } from './distinguished-name.js';
import { keyIdentifier } from './extensions.js';
import { canonicalHosts } from './hosts.js';
import type { Issuer } from './issuer.js';
import { publicKeyFingerprint } from './keys.js';
import type { CertificateDetails } from './order.js';
import type { CaProfile, LeafProfile } from './profiles.js';
import type { Validity } from './validity.js';

/**
 * What `describeCertificate` would read from a certificate that was just made, without reading it: that costs as much as making it.
 * Undefined where only reading can tell: names that OpenSSL's text escapes.
 */
export function issuedFacts(
  der: Buffer,
  profile: CaProfile | LeafProfile,
  { commonName, publicKey, serial, identity, hosts = [] }: CertificateDetails,
  issuer: Issuer,
  { notBefore, notAfter }: Validity,
): CertificateFacts | undefined {
  const subject = subjectText(commonName);
  if (subject === undefined || issuer.subject === undefined) return undefined;
  const isCa = profile.kind === 'ca';
  return {
    serial,
    subject,
    commonName,
    issuer: issuer.subject,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    publicKeyFingerprint: publicKeyFingerprint(publicKey),
    uris: identity === undefined ? [] : [identity],
    hosts: canonicalHosts(hosts).map(({ name }) => name),
    usages: isCa ? [] : (['server', 'client'] as const).filter((usage) => profile.usages.includes(usage)),
    isCa,
    pathLength: isCa ? profile.pathLength : undefined,
    skid: keyIdentifier(publicKey).toString('hex'),
    akid: issuer.keyId.toString('hex'),
  };
}
