import { beforeEach, describe, expect, it } from 'vitest';
import { memberStream } from '@caravan/events';
import type { JoinReply } from '@caravan/events';
import type { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import type { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { lasting, networkTerms, terms } from '../networks/network.fixture.js';
import { ClaimsController } from './claims.controller.js';
import { JoinReplies } from './join-replies.js';
import { ground, newCsr, nobodyComesBack } from './site-endpoint.fixture.js';

const csr = newCsr();
const invitationId = id('store');
const ends = '2026-01-02T00:00:00.000Z';

describe('a claim that comes again', () => {
  let store: InMemoryEventStore;
  let deciders: Deciders;
  let controller: ClaimsController;
  let now: Date;
  const claim = (): Promise<JoinReply> => controller.claim(invitationId, { capability: 1, csr });

  beforeEach(async () => {
    now = new Date('2026-01-01T12:00:00.000Z');
    const { directory, current, issuing, desiredState, ...rest } = ground();
    ({ store, deciders } = rest);
    const { networkId } = networkTerms;
    directory.invitations.set(invitationId, networkId);
    directory.networks.set(networkId, lasting(networkTerms.startsAt, ends));
    const clock = { now: () => now };
    controller = new ClaimsController(
      deciders,
      current,
      new JoinReplies(issuing, desiredState, clock),
      nobodyComesBack,
      clock,
    );
    const issue = { type: 'IssueInvitation', invitationId, terms: terms('store') } as const;
    await deciders.invitation({ ...issue, metadata: commandMetadata() });
  });

  it('finds the member that its key was given, and writes nothing', async () => {
    await claim();
    const { position } = store;
    expect(await claim()).toMatchObject({ status: 'pending' });
    expect(store.position).toBe(position);
  });

  it('is refused when that member was removed meanwhile', async () => {
    await claim();
    const { state } = await deciders.invitation({
      type: 'RequestCredential',
      invitationId,
      certificateId: id('certificate'),
      csr,
      network: { ...networkTerms, endsAt: ends },
      metadata: commandMetadata(),
    });
    if (state.status !== 'open') throw new Error('the invitation is not open');
    const [memberId] = [...state.members.keys()];
    expect((await store.read(memberStream(memberId!))).events).toMatchObject([{ type: 'MemberAdmitted' }]);
    await deciders.invitation({
      type: 'RecordMembersGone',
      invitationId,
      memberIds: [memberId!],
      metadata: commandMetadata(),
    });
    await expect(claim()).rejects.toMatchObject({ code: 'invitation.member-removed' });
  });

  it('is refused when the network has ended meanwhile', async () => {
    await claim();
    now = new Date(ends);
    await expect(claim()).rejects.toMatchObject({ code: 'network.ended' });
  });
});
