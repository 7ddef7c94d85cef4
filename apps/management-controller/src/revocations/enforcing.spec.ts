import { describe, expect, it } from 'vitest';
import { FIELDS_SINCE } from '@caravan/data-plane';
import { MemberRemoved, NetworkCreated, NetworkRevoked } from '@caravan/events';
import type { Holder, RevocationTarget } from '@caravan/events';
import { accessPoint as added, accessPointRemoved } from '../backbones/backbone.fixture.js';
import { id } from '../example.fixture.js';
import { networkTerms } from '../networks/network.fixture.js';
import { enforcersOf } from './enforcers.js';
import {
  backboneId,
  management,
  memberId,
  networkId,
  north,
  ofCertificate,
  ofMember,
  Revoking,
  south,
} from './revoking.fixture.js';

const member: Holder = { kind: 'member', memberId, networkId };
const accessPoint = (path: string): Holder => ({
  ...{ kind: 'access-point', accessPointId: id(path), siteId: north, backboneId },
});
const ENFORCED_BY: readonly (readonly [string, RevocationTarget, readonly string[]])[] = [
  ['a member', ofMember, [north]],
  ['a network', { kind: 'network', networkId, backboneId }, [north]],
  ['a backbone site', { kind: 'backbone-site', siteId: south, backboneId }, [north]],
  [
    'a backbone site that members and the management plane dial',
    { kind: 'backbone-site', siteId: north, backboneId },
    [south, management, memberId],
  ],
  ['a member’s certificate', ofCertificate(member), [north]],
  ['a claim certificate', ofCertificate({ kind: 'claim', invitationId: id('i'), networkId }), [north]],
  ['a site’s certificate', ofCertificate({ kind: 'backbone-site', siteId: south, backboneId }), [north, south]],
  ['a bundle', ofCertificate({ kind: 'bootstrap', siteId: id('new'), backboneId }), [north, south, management]],
  ['a manage link’s', ofCertificate({ kind: 'manage-link', siteId: management, backboneId }), [north]],
  ['a peer access point’s', ofCertificate(accessPoint('south/peer')), [north, south]],
  ['a member access point’s', ofCertificate(accessPoint('north/member')), [memberId]],
  ['a manage access point’s', ofCertificate(accessPoint('north/manage')), [management]],
  ['a claim access point’s', ofCertificate(accessPoint('north/claim')), []],
  ['a removed access point’s', ofCertificate(accessPoint('gone')), []],
  ['a service’s', ofCertificate({ kind: 'service', name: 'router-config' }), []],
];

describe('a revocation', () => {
  it.each(ENFORCED_BY)('of %s is enforced by whoever would let it in, and has joined', (_, target, sites) => {
    const { directory } = new Revoking();
    expect([...enforcersOf(target, directory).sites].sort()).toEqual([...sites].sort());
  });

  const ended = { ...networkTerms, endsAt: '2026-03-01T11:59:59.000Z' };
  it.each([
    ['that is gone', NetworkRevoked({ networkId, backboneId })],
    ['that is over', NetworkCreated(ended)],
    ['that it left', MemberRemoved({ memberId, networkId, invitationId: id('store') })],
  ])('of an access point’s certificate waits for no member of a network %s', async (_, event) => {
    const revoking = await new Revoking().request(ofCertificate(accessPoint('north/member')));
    const waitingFor = () => revoking.enforcing.waitingFor(revoking.revocationId);
    expect(await waitingFor()).toMatchObject([{ siteId: memberId }]);
    revoking.directory.apply(event);
    expect(await waitingFor()).toEqual([]);
    await revoking.look();
    expect(await revoking.recorded()).toMatchObject([{ type: 'RevocationEnforced', data: { confirmed: 0 } }]);
  });

  it('waits for who had an access point then, and for nobody who gets one after that', async () => {
    const revoking = await new Revoking().request(ofMember);
    revoking.directory.apply(accessPointRemoved('north/member'));
    revoking.directory.apply(added('south/member', 'member'));
    expect(await revoking.enforcing.waitingFor(revoking.revocationId)).toMatchObject([{ siteId: north }]);
  });

  it('of an access point’s certificate waits for who asks for no name: it would take it for another’s', async () => {
    const revoking = await new Revoking().request(ofCertificate(accessPoint('north/member')));
    await revoking.says(memberId, {}, FIELDS_SINCE.revoked).look();
    expect(await revoking.recorded()).toEqual([]);
    await revoking.says(memberId, {}, FIELDS_SINCE.identities).look();
    expect(await revoking.recorded()).toHaveLength(2);
  });

  it('waits for a relay that has not said that it knows, and names it', async () => {
    const revoking = await new Revoking().request(ofMember);
    await revoking.look();
    expect(await revoking.recorded()).toEqual([]);
    expect(await revoking.enforcing.waitingFor(revoking.revocationId)).toMatchObject([{ siteId: north }]);
  });

  it('is enforced at the time when the last relay was heard, whenever somebody looks', async () => {
    const revoking = await new Revoking().request(ofCertificate({ kind: 'backbone-site', siteId: south, backboneId }));
    revoking.says(north);
    await revoking.look();
    const heard = (revoking.now = new Date(revoking.now.getTime() + 300));
    revoking.says(south);
    revoking.now = new Date(revoking.now.getTime() + 200);
    await revoking.look();
    expect(await revoking.recorded()).toMatchObject([
      { type: 'RevocationConfirmed', data: { sites: [{ siteId: north }] } },
      { type: 'RevocationConfirmed', data: { sites: [{ siteId: south, at: heard.toISOString() }] } },
      { type: 'RevocationEnforced', data: { confirmed: 2, enforcedAt: heard.toISOString() } },
    ]);
    expect(await revoking.enforcing.waitingFor(revoking.revocationId)).toEqual([]);
    await revoking.look();
    expect(await revoking.recorded()).toHaveLength(3);
  });

  it('waits for the door to be as it should, and not for others', async () => {
    const revoking = await new Revoking().request(ofMember);
    const door = { [`admission/member-${networkId}`]: { state: 'failed', detail: 'no' } } as const;
    await revoking.says(north, door).look();
    expect(await revoking.recorded()).toEqual([]);
    await revoking.says(north, { 'link/elsewhere': { state: 'waiting' } }).look();
    expect(await revoking.recorded()).toMatchObject([{ type: 'RevocationConfirmed' }, { type: 'RevocationEnforced' }]);
  });

  it('of one certificate waits for a relay that cannot refuse it until that is updated', async () => {
    const revoking = await new Revoking().request(ofCertificate(member));
    await revoking.says(north, {}, 3).look();
    expect(await revoking.enforcing.waitingFor(revoking.revocationId)).toMatchObject([{ detail: 'too old' }]);
    await revoking.says(north).look();
    expect(await revoking.recorded()).toHaveLength(2);
  });

  it('is recorded once by two replicas that look at the same time', async () => {
    const revoking = (await new Revoking().request(ofMember)).says(north);
    const other = revoking.replica();
    await Promise.all([revoking.enforcing.look(), other.look()]);
    expect(await revoking.recorded()).toHaveLength(2);
    expect(revoking.warnings).toEqual([]);
  });

  it('that cannot be recorded now is recorded at the next look, and the others at this one', async () => {
    const revoking = (await new Revoking().request(ofMember)).says(north);
    const { sightings } = revoking;
    const answer = sightings.lastSeen.bind(sightings);
    sightings.lastSeen = () => Promise.reject(new Error('the database is away'));
    await revoking.look();
    expect(revoking.warnings).toHaveLength(1);
    sightings.lastSeen = answer;
    await revoking.look();
    expect(await revoking.recorded()).toHaveLength(2);
  });

  it('takes effect in the directory at once', async () => {
    const { directory } = await new Revoking().request(ofMember);
    expect(directory.members.has(memberId)).toBe(false);
    const network = await new Revoking().request({ kind: 'network', networkId, backboneId });
    expect(network.directory.networks.has(networkId)).toBe(false);
    const site = await new Revoking().request({ kind: 'backbone-site', siteId: south, backboneId });
    expect(site.directory.backboneSites.has(south)).toBe(false);
    const one = await new Revoking().request(ofCertificate(member));
    expect(one.directory.members.has(memberId)).toBe(true);
    expect(['01', '02'].map((byte) => one.directory.revocations.isRevoked(byte.repeat(16)))).toEqual([true, false]);
  });
});
