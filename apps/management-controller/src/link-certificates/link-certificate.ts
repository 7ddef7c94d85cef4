import { X509Certificate } from 'node:crypto';
import type { LinkCertificate, Report } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, isProvenByLinkKey, PkiError } from '@caravan/pki';

/** As the API shows them: what they say, and not their bytes. */
export const shown = (all: readonly LinkCertificate[]): Omit<LinkCertificate, 'certificate'>[] =>
  all.map(({ certificate: _, ...facts }) => facts);

export type ReportedLinkCertificate = NonNullable<Report['linkCertificates']>[number];

interface Judged {
  readonly linkCertificates: readonly LinkCertificate[];
  /** The first that cannot be used, and why; the others can. */
  readonly unfit: Rejection | undefined;
}

/**
 * What a site says that its operator supplies for its links, as others are to know it. One that is known already was judged when it came; of
 * any other the site must prove that it holds the key: certificates are public. Pure.
 *
 * @param known what the site supplied so far
 */
export function judgeLinkCertificates(
  siteId: string,
  reported: readonly ReportedLinkCertificate[],
  known: readonly LinkCertificate[],
): Judged {
  let unfit: Rejection | undefined;
  const fit = reported.flatMap((each, index): LinkCertificate[] => {
    if (reported.findIndex(({ linkId }) => linkId === each.linkId) < index) {
      unfit ??= refusal(each.linkId, 'one link has one certificate: the first of several is taken');
      return [];
    }
    const before = known.find(({ linkId, certificate }) => linkId === each.linkId && certificate === each.certificate);
    if (before) return [before];
    try {
      return [read(siteId, each)];
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      unfit ??= error;
      return [];
    }
  });
  return { linkCertificates: fit.sort((one, other) => (one.linkId < other.linkId ? -1 : 1)), unfit };
}

const refusal = (linkId: string, detail: string) => new Rejection('link-certificate.unfit', { linkId, detail });

/** @throws Rejection `link-certificate.unfit` */
function read(siteId: string, { linkId, certificate, proof }: ReportedLinkCertificate): LinkCertificate {
  const refuse = (detail: string) => refusal(linkId, detail);
  const facts = factsOf(certificate, refuse);
  if (facts.isCa) throw refuse(`${facts.subject} is an authority`);
  const { publicKey } = onlyCertificateIn(certificate, refuse);
  if (!isProvenByLinkKey({ siteId, certificate }, proof, publicKey))
    throw refuse(`the site does not prove that it has the key of ${facts.subject}`);
  const { subject, fingerprint, notAfter } = facts;
  return { linkId, certificate, subject: subject.slice(0, 1024), fingerprint, notAfter };
}

/** Relays read with OpenSSL, which takes for a certificate what others pass over: whoever reads this text finds this one in it, and no other. */
function onlyCertificateIn(pem: string, refuse: (detail: string) => Rejection): X509Certificate {
  const certificate = asOpenSslReads(pem);
  if (certificate?.toString() !== pem)
    throw refuse('it is not one certificate in PEM with lines of 64 and nothing else');
  return certificate;
}

function asOpenSslReads(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function factsOf(certificate: string, refuse: (detail: string) => Rejection): ReturnType<typeof describeCertificate> {
  try {
    return describeCertificate(certificate);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw refuse(error.message);
  }
}
