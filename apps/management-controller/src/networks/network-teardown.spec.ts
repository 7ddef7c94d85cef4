import { describe, expect, it } from 'vitest';
import { backboneStream, invitationStream, NetworkDeleted } from '@caravan/events';
import type { InMemoryEventStore } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import type { Service } from '@caravan/platform';
import { id } from '../example.fixture.js';
import { OpeningReactions } from '../opening/opening.reactions.js';
import { DAY, END, EndingNetwork, invitation, KEPT, MEMBERS, Replica } from './network-ends.fixture.js';
import { backboneId, networkId } from './network.fixture.js';

const KEPT_OVER = ['NetworkCreated', 'InvitationListed', 'NetworkEnded', 'NetworkDeletionBegun'];

/** Whoever writes through it dies after so many commits. */
const dyingAfter = (log: InMemoryEventStore, commits: number): EventStore => ({
  read: (...args) => log.read(...args),
  pause: () => log.pause(),
  append: (...args) => (commits-- > 0 ? log.append(...args) : Promise.reject(new Error('killed'))),
});

/** What comes of its deletion where whoever did it died right after. */
async function react({ log, here }: EndingNetwork): Promise<void> {
  const reactions = new OpeningReactions(here.deciders, { now: () => here.now }, { name: 'spec' } as Service);
  const end = log.subscribe(async (event) => {
    if (event.type === NetworkDeleted.type) await reactions.withdrawNetwork(event as never);
  });
  await log.settled();
  end();
  await log.settled();
}

async function expectGone(network: EndingNetwork): Promise<void> {
  expect(await network.ofNetwork()).toEqual([...KEPT_OVER, 'InvitationUnlisted', 'NetworkDeleted']);
  const ofBackbone = await network.typesIn(backboneStream(backboneId));
  expect(ofBackbone).toEqual(['BackboneCreated', 'NetworkPlaced', 'NetworkWithdrawn']);
  const ofInvitation = await network.typesIn(invitationStream(invitation.invitationId));
  const gone = Array.from({ length: MEMBERS }, () => 'InvitationMemberGone');
  expect(ofInvitation.slice(1 + MEMBERS)).toEqual(['InvitationRevoked', ...gone, 'InvitationDeleted']);
  for (let n = 0; n < MEMBERS; n++) expect(await network.ofMember(n)).toEqual(['MemberAdmitted', 'MemberRemoved']);
  const { members, networks, leaving } = network.here.directory;
  expect([members.size, networks.size, leaving.size]).toEqual([0, 0, 0]);
}

describe('a network that is taken apart', () => {
  it('goes with its members, invitations and names, whoever of those who do it dies where', async () => {
    let died = 0;
    for (let commits = 0; ; commits++) {
      const network = await new EndingNetwork().open();
      const { log } = network;
      await network.look(END);
      const before = log.position;
      const dying = new Replica(log, dyingAfter(log, commits));
      await network.look(END + KEPT, { times: 2, by: dying });
      died += dying.warnings.length > 0 ? 1 : 0;
      const done = log.position - before;
      await network.look(END + KEPT, { times: 2 });
      await react(network);
      await expectGone(network);
      if (done < commits) break;
    }
    expect(died).toBeGreaterThan(8); // begun, revoked, three members, told, deleted, unlisted, deleted, withdrawn
  });

  it('waits for whoever claimed right before to be admitted, and lets nobody claim any more', async () => {
    const network = await new EndingNetwork().open();
    await network.claim(MEMBERS);
    await network.look(END);
    await network.look(END + KEPT, { times: 3 });
    expect(await network.ofNetwork()).toEqual(KEPT_OVER);
    await expect(network.claim(2)).rejects.toMatchObject({ code: 'invitation.member-removed' });
    await expect(network.claim(MEMBERS + 1)).rejects.toMatchObject({ code: 'invitation.revoked' });
    await network.admit(MEMBERS);
    await network.look(END + KEPT);
    expect((await network.ofNetwork()).at(-1)).toBe('NetworkDeleted');
    expect(await network.ofMember(MEMBERS)).toEqual(['MemberAdmitted', 'MemberRemoved']);
  });

  it('goes at once when it was evicted, whatever its times', async () => {
    const network = await new EndingNetwork().open();
    await network.evict();
    await network.log.settled();
    await network.look(END - DAY);
    expect((await network.ofNetwork()).slice(2)).toEqual(['NetworkRevoked', 'InvitationUnlisted', 'NetworkDeleted']);
    expect(network.here.directory.members.size).toBe(0);
  });

  it('is none that goes on, or is not there', async () => {
    const network = await new EndingNetwork().open();
    const { position } = network.log;
    for (const each of [networkId, id('another')]) expect(await network.here.teardown.of(each)).toBe(0);
    expect(network.log.position).toBe(position);
  });
});
