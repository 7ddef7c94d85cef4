import { describe, expect, it } from 'vitest';
import { planRevocation, planRotation } from '@caravan/api';
import type { RevocationPlan, RotationPlan } from '@caravan/api';
import {
  CertificateIssued,
  AuthorityEstablished,
  AuthorityRequested,
  BackboneCreated,
  INSTALLATION_ISSUERS,
  MemberAdmitted,
} from '@caravan/events';
import type { Event } from '@caravan/events';
import { accessPoint, link, site } from '../backbones/backbone.fixture.js';
import { issued } from '../certificates/certificate.fixture.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { admitted, memberId } from '../members/member.fixture.js';
import { backboneId, created, networkId } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { enrolled, established } from '../rotations/rotating.fixture.js';
import { PlansController } from './plans.controller.js';

const now = new Date('2026-06-01T12:00:00.000Z');
const [north, south] = [id('north'), id('south')];
const world: readonly Event[] = [
  BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS }),
  site('north'),
  accessPoint('north/member', 'member'),
  accessPoint('north/peer', 'peer'),
  enrolled('north'),
  site('south'),
  accessPoint('south/member', 'member'),
  enrolled('south'),
  link('south', 'north/peer'),
  created,
  admitted,
  ...(['root', 'management', 'infrastructure', 'claim', 'member'] as const).map((kind) => established(kind, 1)),
];
const heard = (lastSeenAt: Date, capability = 5) => ({ lastSeenAt: lastSeenAt.toISOString(), capability });

/** The API after these events; `heard`: what sites last said. */
function over(more: readonly Event[] = [], sites: Readonly<Record<string, ReturnType<typeof heard>>> = {}) {
  const events = [...world, ...more];
  const directory = new Directory();
  for (const [index, event] of events.entries()) directory.apply({ ...event, position: index + 1 });
  const sightings = { lastHeard: () => Promise.resolve(new Map(Object.entries(sites))) };
  const held = (holderKind: string, certificates: number) => ({
    holderKind,
    certificates,
    soonestEnd: now.toISOString(),
  });
  const holdings = {
    of: (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.map((each) => [each, [held('member', 2), held('claim', 7)]]))),
  };
  const plans = new PlansController(
    readModelsOf(...events),
    directory,
    sightings,
    holdings,
    { now: () => now },
    'acme',
  );
  const query = (asked: object) => ({ query: asked }) as never;
  return {
    revocation: async (kind: string, of: string): Promise<RevocationPlan> =>
      planRevocation.reply!.parse(await plans.revocation(query({ kind, id: of }))),
    rotation: async (kind: string, of?: string): Promise<RotationPlan> =>
      planRotation.reply!.parse(await plans.rotation(query({ kind, ...(of && { id: of }) }))),
  };
}
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    ({ code }: { code: string }) => code,
  );

describe('what a revocation would do', () => {
  it('names who enforces it, who of them is away, and who cannot', async () => {
    const { enforcers, revoked } = await over([], {
      [north]: heard(now),
      [south]: heard(new Date(now.getTime() - 60_000)),
    }).revocation('member', memberId);
    expect(revoked).toBe(false);
    expect(enforcers).toMatchObject({
      concerned: 2,
      away: [{ siteId: south, name: 'south', detail: 'it is away' }],
      tooOld: [],
    });
    const never = await over().revocation('member', memberId);
    expect(never.enforcers.away.map(({ detail }) => detail)).toEqual(Array(2).fill('it has never been heard of'));
  });

  it('names what ends, and how to come back', async () => {
    const member = await over().revocation('member', memberId);
    expect(member.ends.map(({ what, count }) => [what, count])).toEqual([['members', 1]]);
    expect(member.wayBack).toContain('anew by an invitation');
    const network = await over().revocation('network', networkId);
    expect(network.ends.map(({ what }) => what)).toEqual(['networks', 'members']);
    const relay = await over().revocation('backbone-site', north);
    expect(relay.ends).toMatchObject([
      { what: 'backbone sites', names: ['north'] },
      { what: 'access points', count: 2, names: ['member', 'peer'] },
      { what: 'links that are dialled to it', count: 1 },
    ]);
  });

  it('names the members that have no other way in than a backbone site', async () => {
    const { data } = admitted;
    const by = (name: string, ...memberAccessPoints: string[]) =>
      MemberAdmitted({ ...data, memberId: id(name), name, memberAccessPoints: memberAccessPoints.map(id) });
    const members = [by('kiosk', 'north/member'), by('shop', 'south/member', 'north/member'), by('till')];
    const { ends } = await over(members).revocation('backbone-site', north);
    expect(ends.at(-1)).toMatchObject({ what: expect.stringMatching(/no other way in/), count: 1, names: ['kiosk'] });
  });

  it('is nothing that the holder needs of a certificate that it has a newer one of', async () => {
    const of = (name: string, ordinal: number) => {
      const holder = { kind: 'member', memberId, networkId } as const;
      const identity = `spiffe://acme/network/${networkId}/member/${memberId}`;
      return CertificateIssued({ ...issued(id(name)).data, holder, identity, ordinal });
    };
    const plans = over([of('first', 1), of('second', 2)]);
    const [first, second] = await Promise.all(
      ['first', 'second'].map(async (name) => (await plans.revocation('certificate', id(name))).ends[0]!.what),
    );
    expect(first).toContain('who has a newer one');
    expect(second).toContain('The member loses its links');
  });

  it('is nothing for what is not there', async () => {
    expect(await refusal(over().revocation('member', id('nobody')))).toBe('member.unknown');
    expect(await refusal(over().revocation('certificate', id('nothing')))).toBe('certificate.unknown');
  });
});

describe('what a rotation would do', () => {
  it('names whom each phase waits for, what is renewed, and what is worth nothing then', async () => {
    const plan = await over([], { [north]: heard(now, 2), [south]: heard(now), [memberId]: heard(now) }).rotation(
      ...(['network', networkId] as const),
    );
    expect(plan).toMatchObject({ ownerKind: 'network', ordinal: 2, underWay: false, reconnects: 0, below: [] });
    expect(plan.phases.map(({ phase, sites }) => [phase, sites.concerned])).toEqual([
      ['trust', 2],
      ['listeners', 0],
      ['diallers', 1],
      ['retire', 2],
    ]);
    expect(plan.phases[0]!.sites.tooOld).toMatchObject([
      { siteId: north, detail: expect.stringContaining('capability 2') },
    ]);
    expect(plan.renewed).toEqual([{ holderKind: 'member', count: 4 }]); // of the claim and of the member authority
  });

  it('of the installation names everything below, and that all sites connect anew', async () => {
    const plan = await over().rotation('installation');
    expect(plan.below.map(({ ownerKind, name }) => [ownerKind, name])).toEqual([
      ['backbone', 'demo'],
      ['network', expect.any(String)],
    ]);
    expect(plan).toMatchObject({ reconnects: 3, ordinal: 2, backboneId: null });
  });

  it('names who would be asked to sign', async () => {
    const request = { authorityId: id('offline'), kind: 'backbone', backboneId, networkId: null, ordinal: 1 } as const;
    const asked = AuthorityRequested({
      ...{ ...request, rootId: id('root'), issuer: 'offline', csr: '-----BEGIN CERTIFICATE REQUEST-----' },
      ...{ subject: 'CN=b', publicKeyFingerprint: 'a'.repeat(64), pathLength: 2, until: null },
    });
    const { data } = established('backbone', 1);
    const signed = AuthorityEstablished({ ...data, authorityId: id('offline'), origin: 'offline' });
    const { rotation } = over([asked, signed]);
    expect((await rotation('backbone', backboneId)).signatures).toEqual([{ kind: 'backbone', issuer: 'offline' }]);
    expect((await rotation('network', networkId)).signatures).toEqual([]);
  });

  it('says that a root of its administrator’s own is followed by one that is brought, until it is there', async () => {
    const root = (ordinal: number) => established('root', ordinal).data;
    const brought = (ordinal: number) => AuthorityEstablished({ ...root(ordinal), origin: 'external' });
    expect((await over().rotation('installation')).signatures).toEqual([]);
    const own = over([brought(1)]);
    expect((await own.rotation('installation')).signatures).toEqual([{ kind: 'root', issuer: 'external' }]);
    expect((await own.rotation('backbone', backboneId)).signatures).toEqual([]);
    expect((await over([brought(1), brought(2)]).rotation('installation')).signatures).toEqual([]);
  });

  it('is nothing for what is not there', async () => {
    expect(await refusal(over().rotation('network', id('nothing')))).toBe('network.unknown');
    expect(await refusal(over().rotation('backbone', id('nothing')))).toBe('backbone.unknown');
    expect(await refusal(over().rotation('backbone'))).toBe('request.invalid');
  });
});
