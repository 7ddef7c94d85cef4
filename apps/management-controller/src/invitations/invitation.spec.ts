import { describe, it } from 'vitest';
import { InvitationCredentialRequested } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import {
  claimed,
  claims,
  csr,
  deadline,
  deleted,
  given,
  invitationId,
  issued,
  memberGone,
  metadata,
  networkId,
  open,
  revoked,
  site,
  terms,
  uuid,
} from './invitation.fixture.js';

describe('claiming an invitation', () => {
  it('admits one site under a name that nobody else can have', () => {
    given(issued()).when(claims(1)).then(claimed(1));
    given(issued(), claimed(1)).when(claims(2)).then(claimed(2));
  });

  it('names the only member of a single-use invitation like the invitation', () => {
    given(issued({ instanceLimit: 1 }))
      .when(claims(1))
      .then(claimed(1, { memberName: 'store' }));
  });

  it('never admits more than its limit', () => {
    given(issued({ instanceLimit: 1 }), claimed(1, { memberName: 'store' }))
      .when(claims(2))
      .thenRejects('invitation.exhausted');
    given(issued({ instanceLimit: 2 }), claimed(1), claimed(2))
      .when(claims(3))
      .thenRejects('invitation.exhausted', {
        instanceLimit: 2,
      });
    given(issued({ instanceLimit: 2 }), claimed(1))
      .when(claims(2))
      .then(claimed(2));
  });

  it('gives the same key the same member, also when exhausted, revoked or past the deadline', () => {
    given(issued({ instanceLimit: 1, deadline }), claimed(1, { memberName: 'store' }), revoked)
      .when(claims(1, { at: '2026-06-01T00:00:00.000Z' }))
      .thenNothing();
  });

  it('does not free a place when a member is removed, nor let its key in again', () => {
    given(issued({ instanceLimit: 1 }), claimed(1, { memberName: 'store' }), memberGone(1))
      .when(claims(1))
      .thenRejects('invitation.member-removed');
    given(issued({ instanceLimit: 1 }), claimed(1, { memberName: 'store' }), memberGone(1))
      .when(claims(2))
      .thenRejects('invitation.exhausted');
  });

  it('is refused at the deadline, and not a millisecond before', () => {
    given(issued({ deadline }))
      .when(claims(1, { at: deadline }))
      .thenRejects('invitation.expired', { deadline });
    given(issued({ deadline }))
      .when(claims(1, { at: '2026-01-01T23:59:59.999Z' }))
      .then(claimed(1));
  });

  it('is refused when revoked, deleted or unknown', () => {
    given(issued(), revoked).when(claims(1)).thenRejects('invitation.revoked');
    given(issued(), deleted).when(claims(1)).thenRejects('invitation.unknown');
    given().when(claims(1)).thenRejects('invitation.unknown');
  });

  it('is refused outside the network’s window', () => {
    const endsAt = '2026-01-01T13:00:00.000Z';
    const startsAt = '2026-01-01T12:30:00.000Z';
    given(issued())
      .when(claims(1, { network: { startsAt, endsAt: null } }))
      .thenRejects('network.not-started');
    given(issued())
      .when(claims(1, { network: { ...open, endsAt }, at: endsAt }))
      .thenRejects('network.ended');
    given(issued())
      .when({ ...claims(1), network: undefined })
      .thenRejects('network.unknown');
  });

  it('is refused after the network’s end also to the key that claimed before', () => {
    const endsAt = '2026-01-01T13:00:00.000Z';
    given(issued(), claimed(1, { memberName: 'hq' }))
      .when(claims(1, { network: { ...open, endsAt }, at: '2026-01-01T12:59:59.999Z' }))
      .thenNothing();
    given(issued(), claimed(1, { memberName: 'hq' }))
      .when(claims(1, { network: { ...open, endsAt }, at: endsAt }))
      .thenRejects('network.ended');
  });

  it('is refused as revoked rather than as too early: waiting would not help', () => {
    const network = { startsAt: '2026-06-01T00:00:00.000Z', endsAt: null };
    given(issued(), revoked).when(claims(1, { network })).thenRejects('invitation.revoked');
  });
});

describe('an invitation', () => {
  const network = { name: 'retail', ...open };
  const request = { type: 'RequestCredential', invitationId, certificateId: uuid(9), csr, network, metadata } as const;
  const requested = InvitationCredentialRequested({ invitationId, networkId, certificateId: uuid(9), csr });

  it('is issued once', () => {
    given().when({ type: 'IssueInvitation', invitationId, terms: terms(), metadata }).then(issued());
    given(issued()).when({ type: 'IssueInvitation', invitationId, terms: terms(), metadata }).thenNothing();
    given(issued(), deleted).when({ type: 'IssueInvitation', invitationId, terms: terms(), metadata }).thenNothing();
  });

  it('is downloaded while it is open', () => {
    given(issued()).when(request).then(requested);
    given(issued(), requested).when(request).thenNothing();
    given(issued(), revoked).when(request).thenRejects('invitation.revoked');
    given(issued({ deadline: '2026-01-01T00:00:00.000Z' }))
      .when(request)
      .thenRejects('invitation.expired');
  });

  it('is not downloaded from the end of its network on: no certificate is left to sign', () => {
    const endsAt = '2026-01-01T13:00:00.000Z';
    const at = (now: string) => ({
      ...request,
      network: { ...network, endsAt },
      metadata: commandMetadata({ now: new Date(now) }),
    });
    given(issued()).when(at(endsAt)).thenRejects('network.ended', { network: 'retail', endsAt });
    given(issued()).when(at('2026-01-01T12:59:59.999Z')).then(requested);
    given(issued(), requested).when(at(endsAt)).thenNothing();
    const early = { ...request, network: { ...network, startsAt: '2027-01-01T00:00:00.000Z' } };
    given(issued()).when(early).then(requested);
  });

  it('is revoked once', () => {
    given(issued()).when({ type: 'RevokeInvitation', invitationId, metadata }).then(revoked);
    given(issued(), revoked).when({ type: 'RevokeInvitation', invitationId, metadata }).thenNothing();
  });

  it('is deleted only when its members are gone', () => {
    const remove = { type: 'DeleteInvitation', invitationId, networkId, metadata } as const;
    given(issued(), claimed(1)).when(remove).thenRejects('invitation.has-members', { members: 1 });
    given(issued(), claimed(1), memberGone(1)).when(remove).then(deleted);
    const elsewhere = { ...remove, networkId: uuid(9) };
    given(issued()).when(elsewhere).thenRejects('invitation.unknown', { invitationId });
  });

  it('records once that a member is gone', () => {
    const gone = { type: 'RecordMembersGone', invitationId, memberIds: [site(1).memberId], metadata } as const;
    given(issued(), claimed(1)).when(gone).then(memberGone(1));
    given(issued(), claimed(1), memberGone(1)).when(gone).thenNothing();
    given(issued(), claimed(1), memberGone(1), deleted).when(gone).thenNothing();
    const both = { ...gone, memberIds: [1, 2, 3].map((n) => site(n).memberId) };
    given(issued(), claimed(1), claimed(2)).when(both).then(memberGone(1), memberGone(2));
    given(issued(), claimed(1), claimed(2), memberGone(1)).when(both).then(memberGone(2));
  });
});
