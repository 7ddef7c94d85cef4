import { describe, it } from 'vitest';
import {
  AccessPointCertificateDue,
  AccessPointCertificateRequested,
  BackboneSiteCertificateDue,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BackboneSiteLinkCertificatesSupplied,
  backboneSiteEvents,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  BootstrapRequested,
} from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { csr, id, key, linkCertificate } from '../example.fixture.js';
import { backboneSite } from './backbone-site.js';

const { given } = specification(backboneSite, backboneSiteEvents);

const site = { siteId: id('north'), backboneId: id('demo') };
const about = { ...site, csr, metadata: commandMetadata() };

const bundle = (name: string, hosts: string[] = []) =>
  ({ type: 'RequestBundle', certificateId: id(name), hosts, recovers: false, ...about }) as const;
const bundled = (name: string, hosts: string[] = []) =>
  BootstrapRequested({ ...site, certificateId: id(name), hosts, csr });

const enrol = (by: string) =>
  ({ type: 'EnrolSite', certificateId: id(`certificate of ${by}`), claimantKey: key(by), ...about }) as const;
const enrolled = (by: string) =>
  BackboneSiteEnrolled({ ...site, certificateId: id(`certificate of ${by}`), claimantKey: key(by), csr });

const certificateData = (by: string, { ordinal = 1, accessPoint = 'in', hosts = ['north.example'] } = {}) => ({
  accessPointId: id(accessPoint),
  certificateId: id(`${accessPoint} ${ordinal} ${by}`),
  ordinal,
  claimantKey: key(by),
  hosts,
});
const request = (...of: Parameters<typeof certificateData>) =>
  ({ type: 'RequestAccessPointCertificate', ...certificateData(...of), ...about }) as const;
const requested = (...of: Parameters<typeof certificateData>) =>
  AccessPointCertificateRequested({ ...site, ...certificateData(...of), csr });

describe('the bundle of a backbone site', () => {
  it('is downloaded, and again with another key until the site has enrolled', () => {
    given()
      .when(bundle('first', ['north.example']))
      .then(bundled('first', ['north.example']));
    given(bundled('first')).when(bundle('second')).then(bundled('second'));
  });

  it('is the same one when the same request comes again, also after the site enrolled', () => {
    given(bundled('first')).when(bundle('first')).thenNothing();
    given(bundled('first'), enrolled('the site')).when(bundle('first')).thenNothing();
  });

  it('is not to be had for a site that has enrolled', () => {
    given(bundled('first'), enrolled('the site'))
      .when(bundle('second'))
      .thenRejects('backbone-site.already-enrolled', { siteId: site.siteId });
  });

  it('is made again for one whose own certificate is over', () => {
    given(bundled('first'), enrolled('the site'))
      .when({ ...bundle('second'), recovers: true })
      .then(bundled('second'));
  });
});

describe('a backbone site', () => {
  it('enrols once, and hears its answer again with the same key', () => {
    given(bundled('first')).when(enrol('the site')).then(enrolled('the site'));
    given(bundled('first'), enrolled('the site')).when(enrol('the site')).thenNothing();
  });

  it('does not let in whoever has a copy of its bundle', () => {
    given(bundled('first'), enrolled('the site'))
      .when(enrol('the thief'))
      .thenRejects('backbone-site.already-enrolled', { siteId: site.siteId });
    given(bundled('first'), bundled('second'), enrolled('the thief'))
      .when(enrol('the site'))
      .thenRejects('backbone-site.already-enrolled');
  });

  it('is to have another certificate, once for each ordinal, and so are its access points', () => {
    const { metadata } = about;
    const demand = (ordinal: number) => ({ type: 'RequireSiteCertificate', ...site, ordinal, metadata }) as const;
    const due = (ordinal: number) => BackboneSiteCertificateDue({ ...site, ordinal });
    given(enrolled('the site')).when(demand(2)).then(due(2));
    given(enrolled('the site'), due(2)).when(demand(2)).thenNothing();
    given(enrolled('the site'), due(2)).when(demand(3)).then(due(3));
    const at = (name: string, ordinal: number) => ({ ...site, accessPointId: id(name), ordinal });
    const demandAt = (name: string, ordinal: number) =>
      ({ type: 'RequireAccessPointCertificate', ...at(name, ordinal), metadata }) as const;
    given(due(2))
      .when(demandAt('in', 2))
      .then(AccessPointCertificateDue(at('in', 2)));
    given(AccessPointCertificateDue(at('in', 2)))
      .when(demandAt('in', 2))
      .thenNothing();
    given(AccessPointCertificateDue(at('in', 2)))
      .when(demandAt('out', 2))
      .then(AccessPointCertificateDue(at('out', 2)));
  });

  it('asks once for each certificate of its own after the first', () => {
    const asked = { certificateId: id('second'), ordinal: 2, claimantKey: key('the site') };
    const ask = { type: 'RequestSiteCertificate', ...asked, ...about } as const;
    const answered = BackboneSiteCertificateRequested({ ...site, ...asked, csr });
    given(enrolled('the site')).when(ask).then(answered);
    given(enrolled('the site'), answered).when(ask).thenNothing();
    given(enrolled('the site'), answered)
      .when({ ...ask, ordinal: 3 })
      .then(BackboneSiteCertificateRequested({ ...site, ...asked, ordinal: 3, csr }));
  });

  it('asks once for each certificate of an access point', () => {
    given(enrolled('the site')).when(request('its relay')).then(requested('its relay'));
    given(enrolled('the site'), requested('its relay')).when(request('its relay')).thenNothing();
  });

  it('asks anew for a new ordinal, another access point, or with a key made after the first was lost', () => {
    const before = [enrolled('the site'), requested('its relay')];
    given(...before)
      .when(request('its relay', { ordinal: 2 }))
      .then(requested('its relay', { ordinal: 2 }));
    given(...before)
      .when(request('its relay', { accessPoint: 'out' }))
      .then(requested('its relay', { accessPoint: 'out' }));
    given(...before)
      .when(request('its new relay'))
      .then(requested('its new relay'));
  });
});

describe('what the operator of a backbone site supplies to prove its access points', () => {
  const proof = (by: string) => ({
    trust: [`-----BEGIN CERTIFICATE-----\n${by}`],
    subject: `CN=${by}`,
    fingerprint: key(by),
    notAfter: '2027-01-01T00:00:00.000Z',
  });
  const supply = (by: string | null) =>
    ({ type: 'SupplyProof', proof: by === null ? null : proof(by), ...about }) as const;
  const supplied = (by: string) => BackboneSiteProofSupplied({ ...site, ...proof(by) });
  const withdrawn = BackboneSiteProofWithdrawn(site);

  it('is told once, as long as it is the same', () => {
    given().when(supply('company')).then(supplied('company'));
    given(supplied('company')).when(supply('company')).thenNothing();
    given(supplied('company')).when(supply('successor')).then(supplied('successor'));
  });

  it('may be withdrawn, and supplied again', () => {
    given().when(supply(null)).thenNothing();
    given(supplied('company')).when(supply(null)).then(withdrawn);
    given(supplied('company'), withdrawn).when(supply(null)).thenNothing();
    given(supplied('company'), withdrawn).when(supply('company')).then(supplied('company'));
  });
});

describe('what the operator of a backbone site supplies for its links', () => {
  const certificates = (...by: string[]) => by.map(linkCertificate);
  const supply = (...by: string[]) =>
    ({ type: 'SupplyLinkCertificates', linkCertificates: certificates(...by), ...about }) as const;
  const supplied = (...by: string[]) =>
    BackboneSiteLinkCertificatesSupplied({ ...site, linkCertificates: certificates(...by) });

  it('is told as a whole, when it is another', () => {
    given().when(supply()).thenNothing();
    given().when(supply('a', 'b')).then(supplied('a', 'b'));
    given(supplied('a', 'b')).when(supply('a', 'b')).thenNothing();
    given(supplied('a', 'b')).when(supply('b')).then(supplied('b'));
    given(supplied('a')).when(supply()).then(supplied());
  });
});
