import { describe, expect, it } from '@jest/globals';
import { getCertificate, listCertificates } from '@caravan/api';
import { backboneSiteStream, CertificateIssued, memberStream } from '@caravan/events';
import type { Event, Holder } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, site } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { admission, memberId } from '../members/member.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { issued } from './certificate.fixture.js';
import { CertificatesController } from './certificates.controller.js';

const controller = new CertificatesController(readModelsOf(issued(id('a')), issued(id('b'))), {} as never);
const ask = <Asked>(asked: Asked) => asked as never;

describe('certificates', () => {
  it('are shown without the certificate itself', async () => {
    const shown = await controller.get(ask({ params: { certificateId: id('a') } }));
    expect(getCertificate.reply!.parse(shown)).toMatchObject({ id: id('a'), holderKind: 'service', holderId: 'spec' });
    expect(JSON.stringify(shown)).not.toContain('BEGIN CERTIFICATE');
  });

  it('are listed by who holds them', async () => {
    const listed = await controller.list(ask({ query: { holderKind: 'service', holderId: 'spec' } }));
    expect(listCertificates.reply!.parse(listed).items).toHaveLength(2);
    expect(await controller.list(ask({ query: { holderKind: 'member' } }))).toEqual({ items: [], next: null });
  });

  it('that were never issued are unknown', async () => {
    await expect(controller.get(ask({ params: { certificateId: id('c') } }))).rejects.toMatchObject({
      code: 'certificate.unknown',
    });
  });
});

describe('a renewal that somebody wants', () => {
  const certificateOf = (name: string, holder: Holder, identity: string | null, ordinal = 1) =>
    CertificateIssued({ ...issued(id(name)).data, holder, identity, ordinal });
  const of = (...events: Event[]) => {
    const store = new InMemoryEventStore();
    const deciders = new Deciders(store);
    const renewing = new CertificatesController(readModelsOf(...events), deciders);
    const renew = (name: string) =>
      renewing.renew({ params: { certificateId: id(name) }, metadata: commandMetadata() } as never);
    return { store, deciders, renew };
  };
  const [networkId, backboneId] = [id('retail'), id('demo')];
  const member = (name: string, ordinal = 1) =>
    certificateOf(
      name,
      { kind: 'member', memberId, networkId },
      `spiffe://acme/network/${networkId}/member/${memberId}`,
      ordinal,
    );

  it('is told to the member that holds it', async () => {
    const { store, deciders, renew } = of(member('first'), member('second', 2));
    await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: commandMetadata() });
    await renew('second');
    expect((await store.read(memberStream(memberId))).events.at(-1)).toMatchObject({
      type: 'MemberCertificateDue',
      data: { ordinal: 3 },
    });
    await expect(renew('first')).rejects.toMatchObject({ code: 'certificate.superseded' });
    await expect(renew('nowhere')).rejects.toMatchObject({ code: 'certificate.unknown' });
  });

  it('is told to the site, and for each of its access points', async () => {
    const at = { siteId: id('north'), backboneId };
    const { store, renew } = of(
      site('north'),
      accessPoint('north/in', 'peer'),
      certificateOf('own', { kind: 'backbone-site', ...at }, `spiffe://acme/backbone/${backboneId}/site/${at.siteId}`),
      certificateOf(
        'in',
        { kind: 'access-point', accessPointId: id('north/in'), ...at },
        `spiffe://acme/backbone/${backboneId}/access-point/${id('north/in')}`,
      ),
    );
    await renew('own');
    await renew('in');
    expect((await store.read(backboneSiteStream(at.siteId))).events).toMatchObject([
      { type: 'BackboneSiteCertificateDue', data: { ...at, ordinal: 2 } },
      { type: 'AccessPointCertificateDue', data: { ...at, accessPointId: id('north/in'), ordinal: 2 } },
    ]);
  });

  it('is refused for what is gone, and for what no site renews', async () => {
    const at = { siteId: id('north'), backboneId };
    const uri = (path: string) => `spiffe://acme/${path}`;
    const { renew } = of(
      certificateOf('gone', { kind: 'backbone-site', ...at }, uri(`backbone/${backboneId}/site/${at.siteId}`)),
      certificateOf('bundle', { kind: 'bootstrap', ...at }, uri(`backbone/${backboneId}/bootstrap/${at.siteId}`)),
      certificateOf(
        'claim',
        { kind: 'claim', invitationId: id('i'), networkId },
        uri(`network/${networkId}/claim/${id('i')}`),
      ),
      certificateOf('service', { kind: 'service', name: 'a' }, uri('service/a')),
      certificateOf('nats', { kind: 'nats-server' }, null),
    );
    for (const name of ['gone', 'bundle', 'claim', 'service', 'nats']) {
      await expect(renew(name)).rejects.toMatchObject({ code: 'certificate.not-renewable' });
    }
  });
});
