import { describe, it } from 'vitest';
import { commandMetadata } from '@caravan/testing/specification';
import {
  approve,
  asksForCredential,
  claimed,
  claims,
  credentialRequested,
  deadline,
  decline,
  declined,
  deleted,
  given,
  invitationId,
  issued,
  memberGone,
  metadata,
  networkId,
  requested,
  revoked,
} from './invitation.fixture.js';

const asked = issued({ approval: true });
const forOne = issued({ approval: true, instanceLimit: 1 });
const store = { memberName: 'store' };

describe('a claim that has to be approved', () => {
  it('makes nobody a member until somebody has, and then the one who asked', () => {
    given(asked).when(claims(1)).then(requested(1));
    given(asked, requested(1)).when(claims(1)).thenNothing();
    given(asked, requested(1)).when(approve(1)).then(claimed(1));
    given(asked, requested(1), claimed(1)).when(claims(1)).thenNothing();
  });

  it('may be made with another copy of the file, also after the deadline, which is for those who ask', () => {
    const [offer, later] = [issued({ approval: true, deadline }), commandMetadata({ now: new Date(deadline) })];
    const asks = { ...asksForCredential(), metadata: later };
    given(offer, requested(1)).when(asks).then(credentialRequested);
    given(offer).when(asks).thenRejects('invitation.expired');
    given(offer, requested(1), declined(1)).when(asks).thenRejects('invitation.expired');
    given(offer, requested(1), revoked).when(asks).thenRejects('invitation.revoked');
    given(offer, requested(1))
      .when(claims(2, { at: deadline }))
      .thenRejects('invitation.expired');
  });

  it('takes a place as soon as it is asked for, which is free again when it is declined', () => {
    given(forOne, requested(1, store)).when(claims(2)).thenRejects('invitation.exhausted');
    given(forOne, requested(1, store), declined(1)).when(claims(2)).then(requested(2, store));
    given(forOne, requested(1, store), declined(1), requested(2, store))
      .when(claims(3))
      .thenRejects('invitation.exhausted');
  });

  it('is decided once', () => {
    given(asked, requested(1), claimed(1)).when(approve(1)).thenNothing();
    given(asked, requested(1), declined(1)).when(decline(1)).thenNothing();
    given(asked, requested(1), declined(1)).when(approve(1)).thenRejects('claim.declined');
    given(asked, requested(1), claimed(1)).when(decline(1)).thenRejects('claim.approved');
    given(asked, requested(1), claimed(1), memberGone(1)).when(approve(1)).thenRejects('claim.gone');
    given(asked).when(approve(1)).thenRejects('claim.unknown');
    given(asked).when(decline(1)).thenRejects('claim.unknown');
    given(asked, requested(1), deleted).when(approve(1)).thenRejects('invitation.unknown');
  });

  it('keeps its invitation from being deleted', () => {
    const remove = { type: 'DeleteInvitation', invitationId, networkId, metadata } as const;
    given(asked, requested(1)).when(remove).thenRejects('invitation.has-claims', { awaited: 1 });
    given(asked, requested(1), declined(1)).when(remove).then(deleted);
  });

  it('never lets a key in that was declined', () => {
    given(asked, requested(1), declined(1)).when(claims(1)).thenRejects('invitation.claim-declined');
  });

  it('waits past the deadline, and in vain when the invitation is revoked or the network over', () => {
    const until = issued({ approval: true, deadline: '2026-01-02T00:00:00.000Z' });
    const late = '2026-06-01T00:00:00.000Z';
    given(until, requested(1))
      .when(claims(1, { at: late }))
      .thenNothing();
    given(until, requested(1))
      .when({ ...approve(1), metadata: { ...approve(1).metadata, now: new Date(late) } })
      .then(claimed(1));
    given(asked, requested(1), revoked).when(claims(1)).thenRejects('invitation.revoked');
    given(asked, requested(1), revoked).when(approve(1)).thenRejects('invitation.revoked');
    given(asked, requested(1), revoked).when(decline(1)).then(declined(1));
    given(asked, requested(1)).when(approve(1, '2026-01-01T00:00:00.000Z')).thenRejects('network.ended');
  });
});
