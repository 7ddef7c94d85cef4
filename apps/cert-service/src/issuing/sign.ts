import { CertificateIssued, CertificateRefused } from '@caravan/events';
import { issueCertificate, PkiError, randomSerial, readCsr } from '@caravan/pki';
import type { LeafProfileName, PkiErrorCode } from '@caravan/pki';
import { endedCode } from '../authorities/authority.js';
import { signingAs } from '../authorities/establish.js';
import type { Authority } from '../authorities/establish.js';
import { crlUrlsOf } from '../revocation/crl-urls.js';
import type { Verdict } from '../certificates/certificate-store.js';
import { commonNameOf, identityOf } from './names.js';
import type { SigningRequest } from './signing-request.js';

/** What is wrong with the request itself and will be wrong for ever. Anything else is a fault of ours, and tried again. */
const FINAL: ReadonlySet<PkiErrorCode> = new Set([
  'csr.too-large',
  'csr.malformed',
  'csr.bad-signature',
  'csr.unsupported-key',
  'certificate.bad-host',
  'certificate.bad-identity',
  'certificate.bad-common-name',
  'certificate.outside-window',
  'identity.unknown',
] satisfies PkiErrorCode[]);

/** What holds for every certificate of an installation. */
export interface IssuingTerms {
  readonly installation: string;
  /** Instead of what the profile says, for what sites renew by themselves. */
  readonly siteLifetimeMs?: number;
  readonly crlBaseUrl?: string | undefined;
}

const RENEWED: ReadonlySet<LeafProfileName> = new Set(['backboneSite', 'member', 'accessPoint', 'manageLink']);

/** Signs, or says why it never will. Only the public key comes out of the CSR, which proves that its other half is there. */
export function sign(
  request: SigningRequest,
  authority: Authority,
  { installation, siteLifetimeMs, crlBaseUrl }: IssuingTerms,
  now: Date,
): Verdict {
  const { certificateId, profile, holder, hosts, ordinal, csr } = request;
  try {
    const identity = identityOf(holder, installation);
    const certificate = issueCertificate({
      profile,
      issuer: signingAs(authority),
      publicKey: readCsr(csr).publicKey,
      commonName: commonNameOf(holder),
      installation,
      ...(identity !== null && { identity }),
      hosts,
      serial: randomSerial(),
      now,
      ...crlUrlsOf(crlBaseUrl, authority.data.authorityId),
      ...(siteLifetimeMs !== undefined && RENEWED.has(profile) && { lifetimeMs: siteLifetimeMs }),
    });
    return CertificateIssued({
      certificateId,
      holder,
      identity,
      hosts: [...hosts],
      ordinal,
      issuerId: authority.data.authorityId,
      serial: certificate.serial,
      subject: certificate.subject,
      fingerprint: certificate.fingerprint,
      publicKeyFingerprint: certificate.publicKeyFingerprint,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      certificate: certificate.certificatePem,
      chain: [...authority.chain],
    });
  } catch (error) {
    if (!(error instanceof PkiError) || !FINAL.has(error.code)) throw error;
    const ended = error.code === 'certificate.outside-window';
    return refused(request, ended ? endedCode(request.authority) : error.code, error.message);
  }
}

export const refused = ({ certificateId, holder }: SigningRequest, code: string, detail: string): Verdict =>
  CertificateRefused({ certificateId, holder, code, detail });
