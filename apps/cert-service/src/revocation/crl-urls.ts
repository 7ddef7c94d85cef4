import type { CertificateDetails } from '@caravan/pki';

/** Where whoever reads a certificate finds its issuer's list; nowhere, unless the operator said where they are published. */
export const crlUrlsOf = (baseUrl: string | undefined, issuerId: string): Pick<CertificateDetails, 'crlUrls'> =>
  baseUrl === undefined ? {} : { crlUrls: [`${baseUrl.replace(/\/+$/, '')}/${issuerId}.crl`] };
