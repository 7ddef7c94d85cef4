import { describe, it } from 'vitest';
import { commandMetadata } from '@caravan/testing/specification';
import {
  asksForCredential,
  credentialRequested,
  deadline,
  given,
  issued,
  issueToken,
  open,
  revoked,
  tokenIssued,
  tokenWithdrawn,
  uuid,
  withdrawToken,
} from './invitation.fixture.js';

const later = commandMetadata({ now: new Date(deadline) });

describe('a join token', () => {
  it('is one of several, and each is issued once', () => {
    given(issued()).when(issueToken(1)).then(tokenIssued(1));
    given(issued(), tokenIssued(1)).when(issueToken(2)).then(tokenIssued(2));
    given(issued(), tokenIssued(1)).when(issueToken(1)).thenNothing();
    given(issued(), tokenIssued(1), tokenWithdrawn(1)).when(issueToken(1)).thenNothing();
  });

  it('is issued for what somebody could still join by', () => {
    given(issued({ deadline }))
      .when(issueToken(1, { metadata: later }))
      .thenRejects('invitation.expired');
    given(issued(), revoked).when(issueToken(1)).thenRejects('invitation.revoked');
    const over = { ...open, endsAt: '2026-01-01T00:00:00.000Z', name: 'retail' };
    given(issued())
      .when(issueToken(1, { network: over, metadata: later }))
      .thenRejects('network.ended');
    given().when(issueToken(1)).thenRejects('invitation.unknown');
  });

  it('leads to a credential as long as it is not withdrawn', () => {
    given(issued(), tokenIssued(1)).when(asksForCredential(1)).then(credentialRequested);
    given(issued(), tokenIssued(1), tokenWithdrawn(1)).when(asksForCredential(1)).thenRejects('join-token.withdrawn');
    given(issued(), tokenIssued(1)).when(asksForCredential(2)).thenRejects('join-token.withdrawn');
    given(issued(), tokenIssued(1), tokenWithdrawn(1), tokenIssued(2))
      .when(asksForCredential(2))
      .then(credentialRequested);
  });

  it('answers again who had its credential before it was withdrawn', () => {
    given(issued(), tokenIssued(1), credentialRequested, tokenWithdrawn(1)).when(asksForCredential(1)).thenNothing();
  });

  it('is no way past what the invitation says', () => {
    given(issued(), tokenIssued(1), revoked).when(asksForCredential(1)).thenRejects('invitation.revoked');
    given(issued({ deadline }), tokenIssued(1))
      .when({ ...asksForCredential(1), metadata: later })
      .thenRejects('invitation.expired');
  });

  it('is withdrawn once, by its own network', () => {
    given(issued(), tokenIssued(1)).when(withdrawToken(1)).then(tokenWithdrawn(1));
    given(issued(), tokenIssued(1), tokenWithdrawn(1)).when(withdrawToken(1)).thenNothing();
    given(issued(), tokenIssued(1)).when(withdrawToken(2)).thenRejects('join-token.unknown');
    given(issued(), tokenIssued(1))
      .when(withdrawToken(1, uuid(9)))
      .thenRejects('join-token.unknown');
  });
});
