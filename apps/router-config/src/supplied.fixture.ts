import { createHash } from 'node:crypto';
import {
  BackboneSiteLinkCertificatesSupplied,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  MemberLinkCertificatesSupplied,
} from '@caravan/events';
import { id, pem } from './names.fixture.js';

const fingerprintOf = (by: string): string => createHash('sha256').update(by).digest('hex');

/** What operators of sites supply, by somebody's authority. */
export const proof = {
  supplied: (name: string, by: string) =>
    BackboneSiteProofSupplied({
      ...{ siteId: id(name), backboneId: id('demo') },
      ...{ trust: [pem(by)], subject: by, fingerprint: fingerprintOf(by), notAfter: '2027-01-01T00:00:00.000Z' },
    }),
  withdrawn: (name: string) => BackboneSiteProofWithdrawn({ siteId: id(name), backboneId: id('demo') }),
};

export const suppliedFingerprint = fingerprintOf;

/** `{ 'member-…': 'till' }`: what is supplied for which links, each by the name of the certificate. In pairs where a link comes twice. */
type ForLinks = Readonly<Record<string, string>> | readonly (readonly [linkId: string, name: string])[];
const certificatesOf = (links: ForLinks) =>
  [...(Symbol.iterator in links ? links : Object.entries(links))].map(([linkId, name]) => ({
    ...{ linkId, certificate: pem(name), subject: name, fingerprint: fingerprintOf(name) },
    notAfter: '2027-01-01T00:00:00.000Z',
  }));

/** What operators supply for the links of their sites, instead of all before. */
export const forLinks = {
  ofMember: (name: string, network: string, links: ForLinks) =>
    MemberLinkCertificatesSupplied({
      ...{ memberId: id(name), networkId: id(network) },
      linkCertificates: certificatesOf(links),
    }),
  ofSite: (name: string, links: ForLinks) =>
    BackboneSiteLinkCertificatesSupplied({
      ...{ siteId: id(name), backboneId: id('demo') },
      linkCertificates: certificatesOf(links),
    }),
};
