import { beforeEach, describe, expect, it } from 'vitest';
import { backboneSiteStream, managementSiteStream, memberStream } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { InMemoryEventStore } from '@caravan/event-store';
import type { CertificateAges } from '../certificates/certificate-ages.js';
import { commandMetadata } from '@caravan/testing/specification';
import { backboneId, site } from '../backbones/backbone.fixture.js';
import type { Deciders } from '../deciding/deciders.js';
import type { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { admission, admitted, memberId } from '../members/member.fixture.js';
import { SiteCertificatesController } from './site-certificates.controller.js';
import { ground, newCsr } from './site-endpoint.fixture.js';

const siteId = id('north');
const csr = newCsr();
const certificate = (itemId: string, purpose: string, hosts: string[] = []) => ({
  kind: 'certificate',
  id: itemId,
  purpose,
  ordinal: 1,
  hosts,
});
const items: ReturnType<typeof certificate>[] = [
  certificate('site', 'site'),
  certificate(`ap-${id('north/in')}`, 'access-point', ['north.example']),
  certificate(`manage-${backboneId}`, 'manage-link'),
];

/** Nothing is old enough unless a spec says so. */
let requireOld: (...asked: unknown[]) => Promise<void>;
const tooYoung = () => Promise.reject(new Rejection('certificate.not-due'));

describe('a site that asks for a certificate', () => {
  let store: InMemoryEventStore;
  let directory: Directory;
  let deciders: Deciders;
  let controller: SiteCertificatesController;
  beforeEach(() => {
    items[0] = certificate('site', 'site');
    requireOld = tooYoung;
    const { current, issuing, desiredState, ...rest } = ground(items);
    ({ store, directory, deciders } = rest);
    directory.apply(site('north'));
    const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
    const ages = { requireOld: (...asked: unknown[]) => requireOld(...asked) } as unknown as CertificateAges;
    controller = new SiteCertificatesController(deciders, current, desiredState, issuing, ages, clock);
  });
  const ask = (itemId: string, changes: { csr?: string; ordinal?: number } = {}) =>
    controller.request(siteId, { capability: 1, itemId, ordinal: 1, csr, ...changes });
  const requested = async () => (await store.read(backboneSiteStream(siteId))).events;

  it('gets one for its access point, with the hosts of its desired state', async () => {
    expect(await ask(`ap-${id('north/in')}`)).toMatchObject({ status: 'pending' });
    expect(await requested()).toMatchObject([
      {
        type: 'AccessPointCertificateRequested',
        data: { accessPointId: id('north/in'), hosts: ['north.example'], csr },
      },
    ]);
  });

  it('gets another one for itself, once its desired state asks for it', async () => {
    items[0] = { ...items[0]!, ordinal: 2 };
    expect(await ask('site', { ordinal: 2 })).toMatchObject({ status: 'pending' });
    await ask('site', { ordinal: 2 });
    expect(await requested()).toMatchObject([{ type: 'BackboneSiteCertificateRequested', data: { ordinal: 2, csr } }]);
  });

  it('gets the next one when what it has is old, and not before', async () => {
    const next = { ordinal: 2 };
    await expect(ask(`ap-${id('north/in')}`, next)).rejects.toMatchObject({ code: 'certificate.not-due' });
    await expect(ask('site', next)).rejects.toMatchObject({ code: 'certificate.not-due' });
    expect(store.position).toBe(0);
    requireOld = async () => undefined;
    await ask(`ap-${id('north/in')}`, next);
    await ask('site', next);
    expect(await requested()).toMatchObject([
      { type: 'AccessPointCertificateRequested', data: { ordinal: 2, hosts: ['north.example'] } },
      { type: 'BackboneSiteCertificateRequested', data: { ordinal: 2 } },
    ]);
  });

  it('gets another one for itself as a member', async () => {
    items[0] = { ...items[0]!, ordinal: 2 };
    directory.apply(admitted);
    await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: commandMetadata() });
    const asked = { capability: 3, itemId: 'site', ordinal: 2, csr };
    expect(await controller.request(memberId, asked)).toMatchObject({ status: 'pending' });
    expect((await store.read(memberStream(memberId))).events).toMatchObject([
      { type: 'MemberAdmitted' },
      { type: 'MemberCertificateRequested', data: { ordinal: 2, csr } },
    ]);
  });

  it('gets the same one when it asks again with the same key, and another with another', async () => {
    await ask(`ap-${id('north/in')}`);
    await ask(`ap-${id('north/in')}`);
    expect(await requested()).toHaveLength(1);
    await ask(`ap-${id('north/in')}`, { csr: newCsr() });
    expect(await requested()).toHaveLength(2);
  });

  it.each([
    ['of another site', `ap-${id('south/in')}`, {}],
    ['that nobody thought of', 'root', {}],
    ['of an ordinal that is far off', `ap-${id('north/in')}`, { ordinal: 3 }],
    ['that is had by joining', 'site', {}],
  ])('gets none %s', async (_, itemId, changes) => {
    await expect(ask(itemId, changes)).rejects.toMatchObject({ code: 'certificate.not-asked-for' });
    expect(store.position).toBe(0);
  });

  it('gets none without proof that it has the key', async () => {
    const lines = csr.split('\n');
    const forged = [...lines.slice(0, 4), lines[4]!.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')), ...lines.slice(5)];
    await expect(ask(`ap-${id('north/in')}`, { csr: forged.join('\n') })).rejects.toMatchObject({
      code: expect.stringMatching(/^csr\./),
    });
    expect(store.position).toBe(0);
  });

  it('gets none for an access point when it is no backbone site, nor any longer', async () => {
    directory.backboneSites.delete(siteId);
    await expect(ask(`ap-${id('north/in')}`)).rejects.toMatchObject({ code: 'backbone-site.unknown' });
  });

  it('gets another one for itself as the management site, and none as nobody', async () => {
    items[0] = { ...items[0]!, ordinal: 2 };
    directory.backboneSites.delete(siteId);
    await expect(ask('site', { ordinal: 2 })).rejects.toMatchObject({ code: 'site.unknown' });
    directory.managementSites.set(siteId, 'management');
    const at = { siteId, name: 'management', controlHost: '127.0.0.1', controlPort: 4222 };
    await deciders.managementSite({ type: 'RegisterManagementSite', ...at, metadata: commandMetadata() });
    expect(await ask('site', { ordinal: 2 })).toMatchObject({ status: 'pending' });
    const { events } = await store.read(managementSiteStream(siteId));
    expect(events.at(-1)).toMatchObject({ type: 'ManagementSiteCertificateRequested', data: { ordinal: 2, csr } });
  });

  it('gets one for each backbone that it manages, when it is the management site', async () => {
    await expect(ask(`manage-${backboneId}`)).rejects.toMatchObject({ code: 'site.unknown' });
    const at = { siteId, name: 'management', controlHost: '127.0.0.1', controlPort: 4222 };
    await deciders.managementSite({ type: 'RegisterManagementSite', ...at, metadata: commandMetadata() });
    expect(await ask(`manage-${backboneId}`)).toMatchObject({ status: 'pending' });
    const { events } = await store.read(managementSiteStream(siteId));
    expect(events.at(-1)).toMatchObject({ type: 'ManageLinkCertificateRequested', data: { backboneId } });
  });
});
