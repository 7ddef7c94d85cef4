import { describe, expect, it } from 'vitest';
import { RevocationRequested, RotationAdvanced } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { Identity } from '@caravan/pki';
import { Directory } from '../directory/directory.js';
import { mayStay, permissionsOf } from './admission-rules.js';
import { lasting } from '../networks/network.fixture.js';

const now = '2026-01-01T12:00:00.000Z';
const installation = 'acme';
const authority = (kind: string, owner: { backboneId?: string; networkId?: string; ordinal?: number } = {}) =>
  ({ kind, ordinal: 1, backboneId: null, networkId: null, ...owner }) as never;

function directory(endsAt: string | null = null, startsAt = now): Directory {
  const here = new Directory();
  here.networks.set('n1', lasting(startsAt, endsAt)).set('n2', lasting(now));
  here.invitations.set('i1', 'n1');
  here.members.set('m1', { networkId: 'n1', backboneId: 'b1', accessPoints: [], linkCertificates: [] });
  here.backboneSites.set('s1', { backboneId: 'b1', enrolled: false, proof: null, linkCertificates: [] });
  here.managementSites.set('g1', 'management');
  here.authorities
    .set('claim n1', authority('claim', { networkId: 'n1', backboneId: 'b1' }))
    .set('claim n2', authority('claim', { networkId: 'n2' }))
    .set('member n1', authority('member', { networkId: 'n1', backboneId: 'b1' }))
    .set('infrastructure b1', authority('infrastructure', { backboneId: 'b1' }))
    .set('infrastructure b2', authority('infrastructure', { backboneId: 'b2' }))
    .set('management', authority('management'));
  return here;
}

const claim: Identity = { kind: 'claim', installation, networkId: 'n1', invitationId: 'i1' };
const member: Identity = { kind: 'member', installation, networkId: 'n1', memberId: 'm1' };
const backboneSite: Identity = { kind: 'backbone-site', installation, backboneId: 'b1', siteId: 's1' };
const bootstrap: Identity = { kind: 'bootstrap', installation, backboneId: 'b1', siteId: 's1' };
const managementSite: Identity = { kind: 'management-site', installation, siteId: 'g1' };

const permitted = (identity: Identity, issuerFingerprint: string, here = directory()) =>
  permissionsOf({ identity, serial: '0f', issuerFingerprint }, here, now);
const refusal = (identity: Identity, issuerFingerprint: string, here = directory()): string => {
  try {
    permitted(identity, issuerFingerprint, here);
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
  throw new Error('it was admitted');
};

describe('what a site may do at the NATS server', () => {
  it('a claim may claim its invitation and nothing else', () => {
    expect(permitted(claim, 'claim n1')).toEqual({ publish: ['caravan.claim.i1'], subscribe: [], until: null });
  });

  it('a site may use its own subject and no other', () => {
    for (const [identity, issuer, id] of [
      [member, 'member n1', 'm1'],
      [backboneSite, 'infrastructure b1', 's1'],
      [managementSite, 'management', 'g1'],
    ] as const) {
      const { publish, subscribe } = permitted(identity, issuer);
      expect([...publish, ...subscribe].every((subject) => subject.startsWith(`caravan.site.${id}.`))).toBe(true);
      expect([...publish, ...subscribe].join()).not.toMatch(/[*>]|enrol/);
    }
  });

  it('a bundle may enrol and nothing else', () => {
    expect(permitted(bootstrap, 'infrastructure b1').publish).toEqual(['caravan.site.s1.enrol']);
  });

  it('an identity signed by an authority that retired is refused, and may stay where it is', () => {
    const here = directory();
    here.authorities.set('member n1 2', authority('member', { networkId: 'n1', backboneId: 'b1', ordinal: 2 }));
    const owner = { kind: 'network', networkId: 'n1', backboneId: 'b1', startsAt: now, endsAt: null } as const;
    const seen = { confirmed: 1, without: 0, withoutSites: [] };
    const retire = RotationAdvanced({ ownerId: 'n1', rotationId: 'r', owner, ordinal: 2, phase: 'retire', ...seen });
    expect(permitted(member, 'member n1', here).subscribe).toHaveLength(1);
    here.apply(retire);
    expect(refusal(member, 'member n1', here)).toBe('identity.issuer-retired');
    expect(refusal(claim, 'claim n1', here)).toBe('identity.issuer-retired');
    expect(permitted(member, 'member n1 2', here).subscribe).toHaveLength(1);
    expect(permitted(backboneSite, 'infrastructure b1', here).subscribe).toHaveLength(1);
    expect(mayStay({ identity: member }, here, new Date(now))).toBe(true);
  });

  it('an identity signed by an authority of another kind, network or backbone is refused', () => {
    const wrong = 'identity.wrong-issuer';
    expect(refusal(claim, 'member n1')).toBe(wrong);
    expect(refusal(claim, 'claim n2')).toBe(wrong);
    expect(refusal(member, 'claim n1')).toBe(wrong);
    expect(refusal(backboneSite, 'infrastructure b2')).toBe(wrong);
    expect(refusal(managementSite, 'infrastructure b1')).toBe(wrong);
    expect(refusal(member, 'somebody’s authority below the same root')).toBe(wrong);
  });

  it('who is gone is refused', () => {
    const here = directory();
    here.members.delete('m1');
    here.backboneSites.delete('s1');
    expect(refusal(member, 'member n1', here)).toBe('member.unknown');
    expect(refusal(backboneSite, 'infrastructure b1', here)).toBe('backbone-site.unknown');
    expect(refusal(bootstrap, 'infrastructure b1', here)).toBe('backbone-site.unknown');
  });

  it('a network that ended admits nobody; one that will end, until then', () => {
    expect(refusal(member, 'member n1', directory(now))).toBe('network.ended');
    expect(refusal(claim, 'claim n1', directory(now))).toBe('network.ended');
    const endsAt = '2026-01-01T13:00:00.000Z';
    expect(permitted(member, 'member n1', directory(endsAt)).until).toBe(endsAt);
  });

  it('a network that has not started admits nobody yet', () => {
    const tomorrow = directory(null, '2026-01-02T12:00:00.000Z');
    expect(refusal(member, 'member n1', tomorrow)).toBe('network.not-started');
    expect(refusal(claim, 'claim n1', tomorrow)).toBe('network.not-started');
    // Others are not concerned.
    expect(permitted(backboneSite, 'infrastructure b1', tomorrow).until).toBeNull();
  });

  it('a suspended network admits nobody, and keeps nobody', () => {
    const here = directory();
    here.networks.set('n1', { ...lasting(now), suspended: true });
    expect(refusal(member, 'member n1', here)).toBe('network.suspended');
    expect(refusal(claim, 'claim n1', here)).toBe('network.suspended');
    for (const identity of [claim, member]) expect(mayStay({ identity }, here, new Date(now))).toBe(false);
  });

  it('a certificate that was revoked is refused, and another of its holder is not', () => {
    const here = revokedTo('0f');
    expect(refusal(member, 'member n1', here)).toBe('certificate.revoked');
    const other = permissionsOf({ identity: member, serial: '0a', issuerFingerprint: 'member n1' }, here, now);
    expect(other.subscribe).toHaveLength(1);
  });

  it('services and relays’ certificates are no sites', () => {
    expect(refusal({ kind: 'service', installation, name: 'router-config' }, 'management')).toBe(
      'identity.not-admitted',
    );
    const accessPoint: Identity = { kind: 'access-point', installation, backboneId: 'b1', accessPointId: 'a1' };
    expect(refusal(accessPoint, 'infrastructure b1')).toBe('identity.not-admitted');
  });
});

/** Where the certificate of this serial was revoked. */
function revokedTo(serial: string): Directory {
  const here = directory();
  const holder = { kind: 'member', memberId: 'm1', networkId: 'n1' } as const;
  const of = { holder, backboneId: 'b1', issuerId: 'i', serial, fingerprint: 'f', notAfter: now };
  const target = { kind: 'certificate', certificateId: 'c1', ...of } as const;
  here.apply(RevocationRequested({ revocationId: 'r', target, name: 'm1', reason: 'key-compromise' }));
  return here;
}

describe('who may stay connected', () => {
  it('is nobody who came with a certificate that was revoked, and who came with another of the same holder', () => {
    const here = revokedTo('0f');
    for (const [serial, stays] of [
      ['0f', false],
      ['0a', true],
    ] as const) {
      expect(mayStay({ identity: member, serial }, here, new Date(now))).toBe(stays);
    }
  });

  const stays = (identity: Identity, here: Directory, at = now) => mayStay({ identity }, here, new Date(at));
  const endsAt = '2026-01-01T13:00:00.000Z';

  it('is who exists, while their network is on', () => {
    for (const identity of [claim, member]) {
      expect(stays(identity, directory(endsAt))).toBe(true);
      expect(stays(identity, directory(endsAt), endsAt)).toBe(false);
      expect(stays(identity, directory(endsAt), '2026-01-01T11:59:59.999Z')).toBe(false);
    }
    for (const identity of [backboneSite, bootstrap, managementSite]) {
      expect(stays(identity, directory(endsAt), endsAt)).toBe(true);
    }
  });

  it('is nobody who was removed, or whose network was', () => {
    const here = directory();
    here.members.delete('m1');
    here.backboneSites.delete('s1');
    for (const identity of [member, backboneSite, bootstrap]) expect(stays(identity, here)).toBe(false);
    here.networks.delete('n1');
    expect(stays(claim, here)).toBe(false);
    expect(stays({ kind: 'service', installation, name: 'x' }, here)).toBe(false);
  });
});
