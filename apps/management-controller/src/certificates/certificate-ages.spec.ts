import { describe, expect, it } from 'vitest';
import type { CertificateItem } from '@caravan/data-plane';
import { CertificateIssued } from '@caravan/events';
import type { Holder } from '@caravan/events';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { CertificateAges } from './certificate-ages.js';
import { established, issued as certificate } from './certificate.fixture.js';

const day = (count: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + count * 86_400_000);
const authority = (notAfter: Date) => {
  const { data, ...event } = established('member', { networkId: id('retail') });
  return { ...event, data: { ...data, notAfter: notAfter.toISOString() } };
};
const issued = (name: string, holder: Holder, ordinal: number, identity: string) => {
  const lasts = { notBefore: day(0).toISOString(), notAfter: day(90).toISOString() };
  const of = { holder, ordinal, identity, issuerId: id('member authority') };
  return CertificateIssued({ ...certificate(id(name)).data, ...of, ...lasts });
};
const [hq, north, management] = [id('hq'), id('north'), id('management')];
const item = (itemId: string, purpose: CertificateItem['purpose'], ordinal = 1): CertificateItem => ({
  ...{ kind: 'certificate', id: itemId, purpose, ordinal, hosts: [] },
});
const log = [
  issued('hq 1', { kind: 'member', memberId: hq, networkId: id('retail') }, 1, 'spiffe://a/network/n/member/m'),
  issued(
    'bundle',
    { kind: 'bootstrap', siteId: north, backboneId: id('demo') },
    1,
    'spiffe://a/backbone/b/bootstrap/s',
  ),
  issued(
    'in',
    { kind: 'access-point', accessPointId: id('in'), siteId: north, backboneId: id('demo') },
    1,
    'spiffe://a/backbone/b/access-point/a',
  ),
  issued(
    'manage',
    { kind: 'manage-link', siteId: management, backboneId: id('demo') },
    1,
    `spiffe://a/backbone/${id('demo')}/manage/s`,
  ),
];

describe('the age of what a site holds', () => {
  const ages = (authorityEnds = day(1_000)) => new CertificateAges(readModelsOf(authority(authorityEnds), ...log));
  const verdict = (siteId: string, what: CertificateItem, days: number, authorityEnds?: Date) =>
    ages(authorityEnds)
      .requireOld(siteId, what, day(days))
      .then(
        () => 'old',
        ({ code }: { code: string }) => code,
      );

  it('is enough from half of its life on', async () => {
    const held = item('site', 'site');
    expect(await verdict(hq, held, 44)).toBe('certificate.not-due');
    expect(await verdict(hq, held, 45)).toBe('old');
  });

  it('is never enough when the next one would not last longer', async () => {
    expect(await verdict(hq, item('site', 'site'), 89, day(90))).toBe('certificate.not-due');
  });

  it('is that of the very certificate', async () => {
    expect(await verdict(hq, item('site', 'site', 2), 60)).toBe('certificate.not-due');
    expect(await verdict(north, item('site', 'site'), 60)).toBe('certificate.not-due'); // only its bundle is there
    expect(await verdict(north, item(`ap-${id('in')}`, 'access-point'), 60)).toBe('old');
    expect(await verdict(management, item(`manage-${id('demo')}`, 'manage-link'), 60)).toBe('old');
    expect(await verdict(management, item(`manage-${id('other')}`, 'manage-link'), 60)).toBe('certificate.not-due');
  });
});
