import { describe, expect, it } from 'vitest';
import { getRevocation, listRevocations, revoke } from '@caravan/api';
import {
  AccessPointRemoved,
  BackboneCreated,
  CertificateIssued,
  INSTALLATION_ISSUERS,
  MemberRemoved,
  NetworkDeleted,
  RevocationConfirmed,
  RevocationEnforced,
  RevocationRequested,
  revocationStream,
} from '@caravan/events';
import type { Event, Holder, RevocationTarget } from '@caravan/events';
import { formatIdentity } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, site } from '../backbones/backbone.fixture.js';
import { issued } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { admitted } from '../members/member.fixture.js';
import { call } from '../model/picking.fixture.js';
import { created } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { RevocationsController } from './revocations.controller.js';
import { backboneId, memberId, networkId, north, ofCertificate, ofMember, Revoking } from './revoking.fixture.js';

const installation = 'acme';
const world = [
  BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS }),
  site('north'),
  accessPoint('north/peer'),
  created,
  admitted,
];
const certificateId = id('certificate');

function certificate(identity: Identity | null, holder: Holder, notAfter = '2027-01-01T00:00:00.000Z'): Event {
  const { data } = issued(certificateId);
  const uri = identity && formatIdentity(identity);
  return CertificateIssued({ ...data, holder, identity: uri, notAfter, fingerprint: 'b'.repeat(64) });
}
const identities = {
  member: { kind: 'member', installation, networkId, memberId },
  claim: { kind: 'claim', installation, networkId, invitationId: id('store') },
  site: { kind: 'backbone-site', installation, backboneId, siteId: north },
  bundle: { kind: 'bootstrap', installation, backboneId, siteId: north },
  manage: { kind: 'manage-link', installation, backboneId, siteId: id('management') },
  accessPoint: { kind: 'access-point', installation, backboneId, accessPointId: id('north/peer') },
  service: { kind: 'service', installation, name: 'router-config' },
} as const satisfies Record<string, Identity>;
const anybody: Holder = { kind: 'service', name: 'spec' };

/** The API after these events. */
function over(...events: Event[]) {
  const revoking = new Revoking();
  const clock = { now: () => revoking.now };
  const { deciders, enforcing } = revoking;
  const unasked = {} as never;
  const models = readModelsOf(...events);
  const controller = new RevocationsController(deciders, models, enforcing, revoking.directory, unasked, clock);
  const ask = (kind: RevocationTarget['kind'], target: string) => {
    const body = { kind, id: target, reason: 'key-compromise' };
    return controller.revoke({ ...call<object>({ body, metadata: commandMetadata({ now: revoking.now }) }) } as never);
  };
  const decided = async (kind: string, target: string) => {
    const { events: found } = await revoking.store.read(revocationStream(derivedId('revocation', kind, target)));
    return found.map(({ data }) => data as { target: RevocationTarget; name: string });
  };
  return { revoking, controller, ask, decided };
}
const asked = (of: object) => ({ ...call<object>({ metadata: commandMetadata() }), ...of }) as never;
const refusalOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    ({ code }: { code: string }) => code,
  );

describe('what is to be revoked', () => {
  it.each([
    ['member', memberId, ofMember, 'store-1'],
    ['network', networkId, { kind: 'network', networkId, backboneId }, 'retail'],
    ['backbone-site', north, { kind: 'backbone-site', siteId: north, backboneId }, 'north'],
  ] as const)('is recorded with all that is needed to enforce it: a %s', async (kind, of, target, name) => {
    const { ask, decided } = over(...world);
    await ask(kind, of);
    expect(await decided(kind, of)).toMatchObject([{ target, name, reason: 'key-compromise' }]);
  });

  it.each([
    [identities.member, { kind: 'member', memberId, networkId }],
    [identities.claim, { kind: 'claim', invitationId: id('store'), networkId }],
    [identities.site, { kind: 'backbone-site', siteId: north, backboneId }],
    [identities.bundle, { kind: 'bootstrap', siteId: north, backboneId }],
    [identities.manage, { kind: 'manage-link', siteId: id('management'), backboneId }],
    [identities.accessPoint, { kind: 'access-point', accessPointId: id('north/peer'), siteId: north, backboneId }],
  ] as const)('is recorded with all that is needed to enforce it: the certificate of %j', async (identity, holder) => {
    const { ask, decided } = over(...world, certificate(identity, holder));
    await ask('certificate', certificateId);
    const fingerprint = 'b'.repeat(64);
    expect(await decided('certificate', certificateId)).toMatchObject([
      { target: { kind: 'certificate', certificateId, holder, backboneId, fingerprint }, name: 'CN=spec' },
    ]);
  });

  it('is refused where it is not there', async () => {
    const { ask } = over();
    expect(await refusalOf(ask('member', memberId))).toBe('member.unknown');
    expect(await refusalOf(ask('network', networkId))).toBe('network.unknown');
    expect(await refusalOf(ask('backbone-site', north))).toBe('backbone-site.unknown');
    expect(await refusalOf(ask('certificate', certificateId))).toBe('certificate.unknown');
  });

  it('is refused where no relay would ever be shown that certificate', async () => {
    const removed = AccessPointRemoved({ backboneId, siteId: north, accessPointId: id('north/peer') });
    for (const events of [
      [certificate(identities.service, anybody)],
      [certificate(null, anybody)],
      [certificate(identities.member, anybody, '2026-02-01T00:00:00.000Z')],
      [certificate(identities.member, anybody), NetworkDeleted({ networkId, backboneId })],
      [certificate(identities.accessPoint, anybody), removed],
    ]) {
      const { ask } = over(...world, ...events);
      expect(await refusalOf(ask('certificate', certificateId))).toBe('certificate.not-revocable');
    }
  });
});

describe('a single certificate', () => {
  const holder: Holder = { kind: 'member', memberId, networkId };
  const beside = (index: number, of: Holder, notAfter: string) => ({
    ...RevocationRequested({
      revocationId: id(`beside ${index}`),
      target: { ...ofCertificate(of), serial: index.toString(16), notAfter } as RevocationTarget,
      name: 'it',
      reason: 'unspecified',
    }),
    position: index,
  });

  it.each([
    ['a relay is told of as many as it can be', holder, '2026-04-01T00:00:00.000Z', 'certificate.not-revocable'],
    ['as many were, but are over', holder, '2026-02-01T00:00:00.000Z', 'none'],
    ['as many are, at another door', { ...holder, networkId: id('other') }, '2026-04-01T00:00:00.000Z', 'none'],
  ])('where %s', async (_, of, notAfter, expected) => {
    const { ask, revoking } = over(...world, certificate(identities.member, anybody));
    for (let index = 1; index <= 4_000; index++) revoking.directory.apply(beside(index, of, notAfter));
    expect(await refusalOf(ask('certificate', certificateId))).toBe(expected);
  });
});

describe('what was revoked', () => {
  const revocationId = derivedId('revocation', 'member', memberId);
  const requested = RevocationRequested({ revocationId, target: ofMember, name: 'store-1', reason: 'key-compromise' });
  const heard = '2026-01-01T00:00:01.500Z';
  const confirmed = RevocationConfirmed({ revocationId, sites: [{ siteId: north, at: heard }] });
  const enforced = RevocationEnforced({ revocationId, confirmed: 1, enforcedAt: heard });

  it('is answered again when it is asked for again, though it is gone by now', async () => {
    const gone = MemberRemoved({ memberId, networkId, invitationId: id('store') });
    const { ask, decided } = over(...world, requested, gone);
    expect(revoke.reply?.parse(await ask('member', memberId))).toMatchObject({ id: revocationId, status: 'requested' });
    expect(await decided('member', memberId)).toEqual([]);
  });

  it('says who has confirmed, and after how long everybody had', async () => {
    const { controller } = over(...world, requested, confirmed, enforced);
    const read = await controller.get(asked({ params: { revocationId } }));
    expect(getRevocation.reply?.parse(read)).toMatchObject({
      status: 'enforced',
      confirmed: [{ siteId: north, at: heard }],
      enforcedAt: heard,
      enforcedAfterMs: expect.any(Number),
      waitingFor: [],
    });
    const list = await controller.list(asked({ query: { networkId } }));
    expect(listRevocations.reply?.parse(list).items).toHaveLength(1);
    const none = await controller.list(asked({ query: { targetId: north } }));
    expect(listRevocations.reply?.parse(none).items).toHaveLength(0);
  });

  it('is unknown when nothing of that kind was', async () => {
    const { controller } = over();
    const read = controller.get(asked({ params: { revocationId } }));
    await expect(read).rejects.toMatchObject({ code: 'revocation.unknown' });
  });
});
