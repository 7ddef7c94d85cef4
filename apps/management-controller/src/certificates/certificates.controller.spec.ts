import { describe, expect, it } from 'vitest';
import { getCertificate, listAuthorities, listCertificates } from '@caravan/api';
import { AuthorityRequested, backboneSiteStream, CertificateIssued, memberStream } from '@caravan/events';
import type { Event, Holder } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, created, site } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { admission, admitted, memberId, networkId, removed } from '../members/member.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { certificateRevoked, established, issued, revoked } from './certificate.fixture.js';
import { CertificatesController } from './certificates.controller.js';
import type { Holdings } from './holdings.js';

const nothingHeld = { of: () => Promise.resolve(new Map()) };
const clock = { now: () => new Date('2026-06-01T00:00:00.000Z') };
const over = (
  events: readonly Event[],
  deciders = new Deciders(new InMemoryEventStore()),
  holdings: Pick<Holdings, 'of'> = nothingHeld,
) => new CertificatesController(readModelsOf(...events), deciders, holdings, clock);
const controller = over([issued(id('a')), issued(id('b'))]);
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

describe('what a certificate is good for', () => {
  const memberOf = memberId;
  const of = (name: string, ordinal: number, notAfter = '2027-01-01T00:00:00.000Z') => {
    const holder = { kind: 'member', memberId: memberOf, networkId } as const;
    const identity = `spiffe://acme/network/${networkId}/member/${memberOf}`;
    return CertificateIssued({ ...issued(id(name)).data, holder, identity, ordinal, notAfter });
  };
  const phases = async (...events: Event[]) => {
    const { items } = await over([admitted, ...events]).list(ask({ query: {} }));
    return items.map(({ phase }) => phase);
  };

  it('is said of each', async () => {
    const first = of('first', 1);
    expect(await phases(first)).toEqual(['current']);
    expect(await phases(first, of('second', 2))).toEqual(['superseded', 'current']);
    expect(await phases(of('over', 1, '2026-02-01T00:00:00.000Z'), of('second', 2))).toEqual(['expired', 'current']);
  });

  it('is nothing once its holder was removed', async () => {
    expect(await phases(of('first', 1), of('second', 2), removed)).toEqual(['removed', 'removed']);
    expect(await phases(of('first', 1), issued(id('a')), removed)).toEqual(['removed', 'current']);
  });

  it('is nothing once it or its holder was revoked', async () => {
    const [first, second] = [of('first', 1), of('second', 2)];
    expect(await phases(first, second, certificateRevoked(second))).toEqual(['superseded', 'revoked']);
    const member = { kind: 'member', memberId: memberOf, networkId, backboneId: id('demo') } as const;
    expect(await phases(first, second, revoked(member))).toEqual(['revoked', 'revoked']);
    const network = revoked({ kind: 'network', networkId, backboneId: id('demo') });
    expect(await phases(established('management', { networkId }), first, network)).toEqual(['revoked']);
    expect(await phases(established('management', { networkId: id('other') }), first, network)).toEqual(['current']);
  });
});

describe('authorities', () => {
  it('say what they are good for, who signed them, what they hold, and what breaks without', async () => {
    const backboneId = id('demo');
    const [root, backbone] = [established('root'), established('backbone', { backboneId })];
    const asked = AuthorityRequested({
      ...{ authorityId: backbone.data.authorityId, kind: 'backbone', backboneId, networkId: null, ordinal: 1 },
      ...{
        rootId: root.data.authorityId,
        issuer: 'offline',
        csr: '-----BEGIN CERTIFICATE REQUEST-----',
        subject: 'CN=b',
      },
      ...{ publicKeyFingerprint: 'a'.repeat(64), pathLength: 2, until: null },
    });
    const held = { holderKind: 'member', certificates: 3, soonestEnd: '2026-12-01T00:00:00.000Z' };
    const holdings = { of: () => Promise.resolve(new Map([[root.data.authorityId, [held]]])) };
    const { items } = await over([created, root, asked, backbone], undefined, holdings).authorities(ask({ query: {} }));
    expect(listAuthorities.reply!.parse({ items, next: null }).items).toMatchObject([
      { kind: 'root', phase: 'in-use', signedBy: 'itself', holds: [held] },
      { kind: 'backbone', phase: 'in-use', signedBy: 'offline', holds: [], breaks: expect.stringContaining('no door') },
    ]);
    const [, gone] = (await over([root, backbone]).authorities(ask({ query: {} }))).items;
    expect(gone).toMatchObject({ kind: 'backbone', phase: 'retired' });
    const ofOthers = await over([root, backbone]).authorities(ask({ query: { backboneId: id('other') } }));
    expect(ofOthers.items).toEqual([]);
  });
});

describe('a renewal that somebody wants', () => {
  const certificateOf = (name: string, holder: Holder, identity: string | null, ordinal = 1) =>
    CertificateIssued({ ...issued(id(name)).data, holder, identity, ordinal });
  const of = (...events: Event[]) => {
    const store = new InMemoryEventStore();
    const deciders = new Deciders(store);
    const renewing = over(events, deciders);
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
