import { describe, expect, it } from 'vitest';
import {
  AuthorityEstablished,
  BackboneSiteEnrolled,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  InvitationDeleted,
  InvitationIssued,
  InvitationRevoked,
  JoinTokenIssued,
  JoinTokenWithdrawn,
  ManagementSiteRegistered,
} from '@caravan/events';
import type { Event } from '@caravan/events';
import {
  accessPoint,
  accessPointRemoved,
  addressed,
  backboneId,
  site,
  siteRemoved,
} from '../backbones/backbone.fixture.js';
import { csr, id, key } from '../example.fixture.js';
import { admitted, memberId, networkId, removed } from '../members/member.fixture.js';
import * as networks from '../networks/network.fixture.js';
import { Directory } from './directory.js';

const after = (...events: Event[]): Directory => {
  const directory = new Directory();
  for (const event of events) directory.apply(event);
  return directory;
};
const issued = InvitationIssued(networks.terms('hq'));
const enrolled = BackboneSiteEnrolled({
  siteId: id('north'),
  backboneId,
  certificateId: id('certificate'),
  claimantKey: key('north'),
  csr,
});

describe('the directory', () => {
  it('knows nobody before anything happened', () => {
    for (const known of Object.values(after())) expect((known as Map<unknown, unknown>).size).toBe(0);
  });

  it('knows which network an invitation is of, also when it is revoked: the invitee shall hear so', () => {
    const revoked = InvitationRevoked({ invitationId: id('hq') });
    expect(after(issued).invitations.get(id('hq'))).toBe(networkId);
    expect(after(issued, revoked).invitations.get(id('hq'))).toBe(networkId);
    expect(after(issued, InvitationDeleted({ invitationId: id('hq'), networkId })).invitations.size).toBe(0);
  });

  it('knows a join token by the digest of its secret, until it is withdrawn or its invitation deleted', () => {
    const [one, other] = ['one', 'other'].map((token) =>
      JoinTokenIssued({ invitationId: id('hq'), networkId, joinTokenId: id(token), secretHash: key(token) }),
    );
    const withdrawn = JoinTokenWithdrawn({ invitationId: id('hq'), joinTokenId: id('one') });
    const gone = InvitationDeleted({ invitationId: id('hq'), networkId });
    const entry = { joinTokenId: id('one'), invitationId: id('hq'), networkId };
    expect(after(issued, one!, other!).joinTokens.get(key('one'))).toEqual(entry);
    expect([...after(issued, one!, other!, withdrawn).joinTokens.keys()]).toEqual([key('other')]);
    expect(after(issued, one!, other!, gone).joinTokens.size).toBe(0);
    // Whoever was told a secret is not led elsewhere by another token of that secret.
    const same = JoinTokenIssued({ ...one!.data, joinTokenId: id('same') });
    expect(after(issued, one!, same).joinTokens.get(key('one'))).toEqual(entry);
  });

  it('knows a member from its admission to its removal', () => {
    expect(after(admitted).members.get(memberId)).toMatchObject({ networkId, backboneId: id('demo') });
    expect(after(admitted, removed).members.has(memberId)).toBe(false);
  });

  it('knows a backbone site and whether it enrolled', () => {
    expect(after(site('north')).backboneSites.get(id('north'))).toEqual({
      ...{ backboneId, enrolled: false },
      ...{ proof: null, linkCertificates: [] },
    });
    expect(after(site('north'), enrolled).backboneSites.get(id('north'))).toMatchObject({ backboneId, enrolled: true });
    expect(after(site('north'), enrolled, siteRemoved('north')).backboneSites.size).toBe(0);
  });

  it('knows what proves the access points of a backbone site besides what is issued to them', () => {
    const of = { siteId: id('north'), backboneId };
    const proof = {
      trust: ['-----BEGIN CERTIFICATE-----\n'],
      subject: 'CN=north',
      fingerprint: key('north'),
      notAfter: '2027-01-01T00:00:00.000Z',
    };
    const supplied = [site('north'), BackboneSiteProofSupplied({ ...of, ...proof })];
    expect(after(...supplied).backboneSites.get(id('north'))).toMatchObject({ proof });
    const withdrawn = BackboneSiteProofWithdrawn(of);
    expect(after(...supplied, withdrawn).backboneSites.get(id('north'))).toMatchObject({ proof: null });
  });

  it('does not bring a removed site back when its enrolment comes late', () => {
    expect(after(site('north'), siteRemoved('north'), enrolled).backboneSites.size).toBe(0);
  });

  it('knows the management plane’s own site', () => {
    const at = { siteId: id('management'), controlHost: '127.0.0.1', controlPort: 4222 };
    expect(after(ManagementSiteRegistered({ name: 'management', ...at })).managementSites.has(id('management'))).toBe(
      true,
    );
  });

  it('knows where an access point is reached, and whose word that is', () => {
    const entry = (...events: Event[]) => after(...events).accessPoints.get(id('north/in'));
    const reported = addressed('north/in', '192.0.2.1', 7443, 'site');
    expect(entry(accessPoint('north/in'))).toMatchObject({ host: null, port: null, byOperator: false });
    expect(entry(accessPoint('north/in', 'peer', 'north.example'))).toMatchObject({ byOperator: true });
    expect(entry(accessPoint('north/in'), reported)).toMatchObject({
      host: '192.0.2.1',
      port: 7443,
      byOperator: false,
    });
    expect(
      entry(accessPoint('north/in'), reported, addressed('north/in', 'north.example', 443, 'operator')),
    ).toMatchObject({ siteId: id('north'), host: 'north.example', port: 443, byOperator: true });
    expect(entry(accessPoint('north/in'), accessPointRemoved('north/in'))).toBeUndefined();
    expect(entry(accessPoint('north/in'), accessPointRemoved('north/in'), reported)).toBeUndefined();
  });

  it('knows an authority by the fingerprint of its certificate: what it is for, and whose', () => {
    const established = AuthorityEstablished({
      authorityId: id('claim authority'),
      kind: 'claim',
      backboneId: null,
      networkId,
      ordinal: 1,
      issuerId: id('network authority'),
      origin: 'issued',
      intermediates: [],
      certificate: '-----BEGIN CERTIFICATE-----\n',
      subject: 'CN=claim',
      serial: '01',
      fingerprint: 'f1',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z',
    });
    expect([...after(established).authorities]).toEqual([
      [
        'f1',
        {
          authorityId: id('claim authority'),
          issuerId: id('network authority'),
          kind: 'claim',
          origin: 'issued',
          ordinal: 1,
          backboneId: null,
          networkId,
          notBefore: '2026-01-01T00:00:00.000Z',
          notAfter: '2027-01-01T00:00:00.000Z',
        },
      ],
    ]);
  });

  it('lets pass what it need not know', () => {
    expect(after(networks.siteClass('gold'), { type: 'SomethingNew', version: 7, data: {} })).toEqual(new Directory());
  });
});

describe('the directory that has halted', () => {
  const halted = after(
    issued,
    ManagementSiteRegistered({ siteId: id('here'), name: 'm', controlHost: 'c', controlPort: 1 }),
  );
  halted.halted({ kind: 'garbled', position: 7, stream: 'caravan.evt.x.y.z', reason: 'not JSON' });

  it('knows what it knew, and does not say of anything else that it is not there', () => {
    expect(halted.managementSites.has(id('here'))).toBe(true);
    for (const ask of [() => halted.members.get(id('nobody')), () => halted.members.has(id('nobody'))]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'directory.halted' }));
    }
  });

  it('admits nobody, and says where and what to do', () => {
    expect(() => halted.requireCurrent()).toThrow(
      expect.objectContaining({
        details: { position: 7, detail: expect.stringMatching(/position 7 .*not JSON.*caravan log pass-over 7/) },
      }),
    );
  });

  it('is as before when it goes on', () => {
    const repaired = after(issued);
    repaired.halted({ kind: 'garbled', position: 7, stream: null, reason: 'not JSON' });
    repaired.halted(undefined);
    repaired.requireCurrent();
    expect(repaired.members.has(id('nobody'))).toBe(false);
  });
});
