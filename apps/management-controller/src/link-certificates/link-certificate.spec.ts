import { describe, expect, it } from 'vitest';
import { describeCertificate, importPrivateKey, proveLinkKey, Secret } from '@caravan/pki';
import { issue, makeRoot } from '@caravan/testing/data-plane';
import { judgeLinkCertificates } from './link-certificate.js';

const SITE = 'north';
const company = makeRoot();
const supplied = (linkId: string, siteId = SITE) => {
  const { chain: certificate, key } = issue(company, 'serviceClient', { hosts: [linkId] });
  const prove = (text: string) => proveLinkKey({ siteId, certificate: text }, importPrivateKey(new Secret(key)));
  return { linkId, certificate, proof: prove(certificate), prove };
};
const [first, second] = [supplied('a'), supplied('b')];
/** Two in one text: ours see the first in it, OpenSSL the second, whose key the site has. */
const hybrid = (shown: string, held: ReturnType<typeof supplied>) => {
  const certificate =
    shown.replace('-----\n', '-----') + held.certificate.replaceAll('CERTIFICATE', 'X509 CERTIFICATE');
  return { ...held, certificate, proof: held.prove(certificate) };
};
const judge = (...reported: (typeof first)[]) => judgeLinkCertificates(SITE, reported, []);
const why = (...reported: (typeof first)[]) => judge(...reported).unfit?.details?.['detail'];

describe('what a site says that is supplied for its links', () => {
  it('is known by what others need of it, in one order', () => {
    const { linkCertificates, unfit } = judge(second, first);
    expect([unfit, linkCertificates.map(({ linkId }) => linkId)]).toEqual([undefined, ['a', 'b']]);
    const { subject, fingerprint, notAfter } = describeCertificate(first.certificate);
    expect(linkCertificates[0]).toEqual({
      linkId: 'a',
      certificate: first.certificate,
      subject,
      fingerprint,
      notAfter,
    });
  });

  it.each([
    ['is proven by another key', { ...first, proof: second.proof }, /does not prove that it has the key/],
    ['was proven by another site', supplied('a', 'south'), /does not prove/],
    ['is not proven', { ...first, proof: '' }, /does not prove/],
    ['is an authority', { ...first, certificate: company.certificatePem }, /is an authority/],
    ['cannot be read', { ...first, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /./],
    ['shows another’s to some and its own to others', hybrid(second.certificate, first), /./],
    ['has another beside it', { ...first, certificate: first.certificate + second.certificate }, /exactly one/],
    [
      'is written in other lines',
      { ...first, certificate: first.certificate.replaceAll('\n', '\n\n') },
      /nothing else/,
    ],
  ])('is not taken where it %s, and the others are', (_, unfit, because) => {
    expect(why(unfit)).toMatch(because);
    expect(judge(unfit, second).linkCertificates.map(({ linkId }) => linkId)).toEqual(['b']);
  });

  it('is the first of several for one link', () => {
    const other = supplied('a');
    expect(why(first, other)).toMatch(/one link has one/);
    expect(judge(first, other).linkCertificates.map(({ certificate }) => certificate)).toEqual([first.certificate]);
  });

  it('needs no proof again while it stays', () => {
    const { linkCertificates } = judge(first);
    const again = { ...first, proof: '' };
    expect(judgeLinkCertificates(SITE, [again], linkCertificates)).toEqual({ linkCertificates, unfit: undefined });
    expect(judgeLinkCertificates(SITE, [{ ...again, linkId: 'c' }], linkCertificates).unfit).toBeDefined();
  });
});
