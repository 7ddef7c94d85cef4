import { beforeEach, describe, expect, it } from 'vitest';
import { invitationStream, memberStream } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { InvitationsController } from '../invitations/invitations.controller.js';
import { networkId, networkTerms, terms } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { MembersController } from './members.controller.js';
import { admission, memberId } from './member.fixture.js';

const invitation = terms('hq');
const { invitationId } = invitation;
const metadata = (commandId: string) => commandMetadata({ commandId });
const call = (params: object, commandId: string) => ({ params, metadata: metadata(commandId) }) as never;

/** As when a kill took the first answer: the rows are gone, and the same request comes again. */
describe('a deletion that comes again with its key', () => {
  let deciders: Deciders;
  let store: InMemoryEventStore;
  const noRows = readModelsOf();
  const members = () => new MembersController(deciders, noRows, undefined as never);
  const invitations = () => new InvitationsController(deciders, noRows, undefined as never, undefined as never);

  beforeEach(async () => {
    store = new InMemoryEventStore();
    deciders = new Deciders(store);
    await deciders.invitation({
      type: 'IssueInvitation',
      invitationId,
      terms: invitation,
      metadata: metadata('issue'),
    });
    const admitted = { ...admission, networkId, invitationId };
    await deciders.member({ type: 'AdmitMember', memberId, admission: admitted, metadata: metadata('admit') });
  });

  it('of a member gets its first answer, and the invitation knows once', async () => {
    const first = await members().delete(call({ networkId, memberId }, 'remove'));
    const end = store.position;
    expect(await members().delete(call({ networkId, memberId }, 'remove'))).toEqual(first);
    expect(store.position).toBe(end);
    expect((await store.read(memberStream(memberId))).events.map(({ type }) => type).at(-1)).toBe('MemberRemoved');
    const another = members().delete(call({ networkId, memberId }, 'another request'));
    await expect(another).rejects.toMatchObject({ code: 'member.unknown' });
  });

  it('of an invitation gets its first answer', async () => {
    await deciders.network({ type: 'CreateNetwork', ...networkTerms, metadata: metadata('create') });
    await deciders.network({ type: 'ListInvitation', networkId, terms: invitation, metadata: metadata('list') });
    const first = await invitations().delete(call({ networkId, invitationId }, 'delete'));
    expect(await invitations().delete(call({ networkId, invitationId }, 'delete'))).toEqual(first);
    expect((await store.read(invitationStream(invitationId))).events.map(({ type }) => type)).toEqual([
      'InvitationIssued',
      'InvitationDeleted',
    ]);
  });

  it('is refused in another network', async () => {
    const elsewhere = { networkId: id('another network'), memberId };
    await expect(members().delete(call(elsewhere, 'x'))).rejects.toMatchObject({ code: 'member.unknown' });
  });
});
