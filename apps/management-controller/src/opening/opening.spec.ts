import { beforeEach, describe, expect, it } from 'vitest';
import { backboneStream, invitationStream, memberStream, networkStream, revocationStream } from '@caravan/events';
import type { StreamName } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import type { Service } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { backboneId, networkData } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { csr, id, key } from '../example.fixture.js';
import { admissionOf } from '../members/admission.js';
import { networkId, terms } from '../networks/network.fixture.js';
import { revocationIdOf } from '../revocations/revocation-id.js';
import { OpeningReactions } from './opening.reactions.js';

const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
const service = { name: 'management-controller' } as Service;
const metadata = () => commandMetadata({ now: clock.now() });

const network = networkData('retail');
const invitation = terms('hq', { instanceLimit: 1 });
const { invitationId } = invitation;
const claimant = { claimantKey: key('site'), memberId: id('member'), certificateId: id('certificate'), csr };

describe('what spans two streams', () => {
  let store: InMemoryEventStore;
  let deciders: Deciders;
  let reactions: OpeningReactions;
  beforeEach(() => {
    store = new InMemoryEventStore();
    deciders = new Deciders(store);
    reactions = new OpeningReactions(deciders, clock, service);
  });

  const place = async () => {
    await deciders.backbone({ type: 'CreateBackbone', backboneId, name: 'demo', metadata: metadata() });
    await deciders.backbone({ type: 'PlaceNetwork', backboneId, ...network, metadata: metadata() });
  };
  const open = () => deciders.network({ type: 'CreateNetwork', backboneId, ...network, metadata: metadata() });
  const list = () => deciders.network({ type: 'ListInvitation', networkId, terms: invitation, metadata: metadata() });
  const issue = () =>
    deciders.invitation({ type: 'IssueInvitation', invitationId, terms: invitation, metadata: metadata() });
  const claim = () =>
    deciders.invitation({ type: 'ClaimInvitation', invitationId, ...claimant, network, metadata: metadata() });
  const remove = () =>
    deciders.member({ type: 'RemoveMember', memberId: claimant.memberId, networkId, metadata: metadata() });

  const react: Readonly<Record<string, (event: never) => Promise<void>>> = {
    NetworkPlaced: (event) => reactions.openNetwork(event),
    NetworkDeleted: (event) => reactions.withdrawNetwork(event),
    InvitationListed: (event) => reactions.openInvitation(event),
    InvitationDeleted: (event) => reactions.unlistInvitation(event),
    InvitationClaimed: (event) => reactions.admit(event),
    MemberRemoved: (event) => reactions.recordMemberGone(event),
    NetworkEnded: (event) => reactions.revokeNetwork(event),
  };
  /** Everything in the log is delivered, `times` over. */
  const deliver = async (times = 1) => {
    for (let time = 0; time < times; time++) {
      const end = store.subscribe((event: RecordedEvent) => react[event.type]?.(event as never));
      await store.settled();
      end();
    }
  };
  const typesIn = async (stream: StreamName) => (await store.read(stream)).events.map(({ type }) => type);

  it('is finished by the reaction when the request died in between', async () => {
    await place();
    await deliver();
    await list();
    await deliver();
    await claim();
    await deliver();
    expect(await typesIn(networkStream(networkId))).toEqual(['NetworkCreated', 'InvitationListed']);
    expect(await typesIn(invitationStream(invitationId))).toEqual(['InvitationIssued', 'InvitationClaimed']);
    expect(await typesIn(memberStream(claimant.memberId))).toEqual(['MemberAdmitted']);
  });

  it('happens once, also when the request lived, and however often an event comes', async () => {
    await place();
    await open();
    await list();
    await issue();
    await claim();
    const before = store.position;
    await deliver(3);
    expect(store.position).toBe(before + 1); // the member, which nobody else admitted here
    expect(await typesIn(memberStream(claimant.memberId))).toEqual(['MemberAdmitted']);
  });

  it('happens once when the reaction is faster than the request', async () => {
    await place();
    await deliver();
    expect((await open()).events).toEqual([]);
    expect(await typesIn(networkStream(networkId))).toEqual(['NetworkCreated']);
  });

  it('is the same admission, whoever makes it', async () => {
    await place();
    await deliver();
    await list();
    await deliver();
    await claim();
    await deliver();
    const admission = admissionOf(
      invitation,
      claimant.claimantKey,
      { ...claimant, memberName: 'hq', details: {} },
      csr,
    );
    const { events } = await store.read(memberStream(claimant.memberId));
    expect(events[0]!.data).toEqual(admission);
  });

  it('is done with when the requests did it all before the first event came', async () => {
    await place();
    await open();
    await list();
    await issue();
    await claim();
    const admission = admissionOf(
      invitation,
      claimant.claimantKey,
      { ...claimant, memberName: 'hq', details: {} },
      csr,
    );
    const { memberId } = claimant;
    await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: metadata() });
    await remove();
    await deciders.invitation({ type: 'RecordMembersGone', invitationId, memberIds: [memberId], metadata: metadata() });
    await deciders.invitation({ type: 'DeleteInvitation', invitationId, networkId, metadata: metadata() });
    await deciders.network({ type: 'UnlistInvitation', networkId, invitationId, metadata: metadata() });
    await deciders.network({ type: 'DeleteNetwork', networkId, metadata: metadata() });
    await deciders.backbone({ type: 'WithdrawNetwork', backboneId, networkId, metadata: metadata() });
    const end = store.position;
    await deliver(2);
    expect(store.position).toBe(end);
  });

  it('takes back what was issued for a network that is over, once, and without that it was evicted', async () => {
    const endsAt = '2026-01-01T11:59:59.000Z';
    const over = { backboneId, ...network, endsAt };
    await deciders.network({ type: 'CreateNetwork', ...over, metadata: metadata() });
    await deciders.network({ type: 'RecordNetworkEnd', networkId, metadata: metadata() });
    await deliver(2);
    const { events } = await store.read(revocationStream(revocationIdOf('network', networkId)));
    expect(events.map(({ data }) => data)).toEqual([
      {
        revocationId: revocationIdOf('network', networkId),
        target: { kind: 'network', networkId, backboneId },
        name: 'retail',
        reason: 'cessation-of-operation',
      },
    ]);
    await deciders.network({ type: 'RevokeNetwork', networkId, isEviction: false, metadata: metadata() });
    expect(await typesIn(networkStream(networkId))).toEqual(['NetworkCreated', 'NetworkEnded']);
  });

  it('is undone from the inside out, and never brought back by a late event', async () => {
    await place();
    await deliver();
    await list();
    await deliver();
    await claim();
    await deliver();
    await remove();
    await deliver();
    await deciders.invitation({ type: 'DeleteInvitation', invitationId, networkId, metadata: metadata() });
    await deliver();
    await deciders.network({ type: 'DeleteNetwork', networkId, metadata: metadata() });
    await deliver(2);
    expect((await typesIn(invitationStream(invitationId))).slice(-2)).toEqual([
      'InvitationMemberGone',
      'InvitationDeleted',
    ]);
    expect((await typesIn(networkStream(networkId))).slice(-2)).toEqual(['InvitationUnlisted', 'NetworkDeleted']);
    expect((await typesIn(backboneStream(backboneId))).at(-1)).toBe('NetworkWithdrawn');
    const end = store.position;
    await deliver();
    expect(store.position).toBe(end);
  });
});
