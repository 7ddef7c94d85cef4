import { describe, it } from 'vitest';
import {
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationDeleted,
  invitationEvents,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
} from '@caravan/events';
import type { InvitationTerms } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { invitation } from './invitation.js';
import type { ClaimInvitation } from './invitation.js';

const { given } = specification(invitation, invitationEvents);

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [invitationId, networkId, backboneId, accessPoint] = [uuid(1), uuid(2), uuid(3), uuid(4)] as const;
const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
const deadline = '2026-01-02T00:00:00.000Z';

const terms = (changes: Partial<InvitationTerms> = {}): InvitationTerms => ({
  invitationId,
  networkId,
  backboneId,
  name: 'store',
  namePrefix: 'store',
  deadline: null,
  instanceLimit: null,
  siteClasses: ['storefront'],
  claimAccessPoints: [accessPoint],
  memberAccessPoints: [accessPoint],
  ...changes,
});
const issued = (changes: Partial<InvitationTerms> = {}) => InvitationIssued(terms(changes));
const revoked = InvitationRevoked({ invitationId });
const deleted = InvitationDeleted({ invitationId, networkId });

const site = (n: number) => ({
  claimantKey: String(n).padStart(64, '0'),
  memberId: uuid(100 + n),
  certificateId: uuid(200 + n),
});
const claimed = (n: number, memberName = `store-${n}`) =>
  InvitationClaimed({
    invitationId,
    networkId,
    backboneId,
    ...site(n),
    memberName,
    ordinal: n,
    siteClasses: ['storefront'],
    memberAccessPoints: [accessPoint],
    csr,
  });
const memberGone = (n: number) => InvitationMemberGone({ invitationId, memberId: site(n).memberId });

const open = { startsAt: '2025-12-31T00:00:00.000Z', endsAt: null };
const claim = (
  n: number,
  { at, network }: { at?: string; network?: ClaimInvitation['network'] } = {},
): ClaimInvitation => ({
  type: 'ClaimInvitation',
  invitationId,
  ...site(n),
  csr,
  network: network ?? open,
  metadata: commandMetadata(at === undefined ? {} : { now: new Date(at) }),
});
const metadata = commandMetadata();

describe('claiming an invitation', () => {
  it('admits one site under a name that nobody else can have', () => {
    given(issued()).when(claim(1)).then(claimed(1));
    given(issued(), claimed(1)).when(claim(2)).then(claimed(2));
  });

  it('names the only member of a single-use invitation like the invitation', () => {
    given(issued({ instanceLimit: 1 }))
      .when(claim(1))
      .then(claimed(1, 'store'));
  });

  it('never admits more than its limit', () => {
    given(issued({ instanceLimit: 1 }), claimed(1, 'store'))
      .when(claim(2))
      .thenRejects('invitation.exhausted');
    given(issued({ instanceLimit: 2 }), claimed(1), claimed(2))
      .when(claim(3))
      .thenRejects('invitation.exhausted', {
        instanceLimit: 2,
      });
    given(issued({ instanceLimit: 2 }), claimed(1))
      .when(claim(2))
      .then(claimed(2));
  });

  it('gives the same key the same member, also when exhausted, revoked or past the deadline', () => {
    given(issued({ instanceLimit: 1, deadline }), claimed(1, 'store'), revoked)
      .when(claim(1, { at: '2026-06-01T00:00:00.000Z' }))
      .thenNothing();
  });

  it('does not free a place when a member is removed, nor let its key in again', () => {
    given(issued({ instanceLimit: 1 }), claimed(1, 'store'), memberGone(1))
      .when(claim(1))
      .thenRejects('invitation.member-removed');
    given(issued({ instanceLimit: 1 }), claimed(1, 'store'), memberGone(1))
      .when(claim(2))
      .thenRejects('invitation.exhausted');
  });

  it('is refused at the deadline, and not a millisecond before', () => {
    given(issued({ deadline }))
      .when(claim(1, { at: deadline }))
      .thenRejects('invitation.expired', { deadline });
    given(issued({ deadline }))
      .when(claim(1, { at: '2026-01-01T23:59:59.999Z' }))
      .then(claimed(1));
  });

  it('is refused when revoked, deleted or unknown', () => {
    given(issued(), revoked).when(claim(1)).thenRejects('invitation.revoked');
    given(issued(), deleted).when(claim(1)).thenRejects('invitation.unknown');
    given().when(claim(1)).thenRejects('invitation.unknown');
  });

  it('is refused outside the network’s window', () => {
    const endsAt = '2026-01-01T13:00:00.000Z';
    const startsAt = '2026-01-01T12:30:00.000Z';
    given(issued())
      .when(claim(1, { network: { startsAt, endsAt: null } }))
      .thenRejects('network.not-started');
    given(issued())
      .when(claim(1, { network: { ...open, endsAt }, at: endsAt }))
      .thenRejects('network.ended');
    given(issued())
      .when({ ...claim(1), network: undefined })
      .thenRejects('network.unknown');
  });

  it('is refused after the network’s end also to the key that claimed before', () => {
    const endsAt = '2026-01-01T13:00:00.000Z';
    given(issued(), claimed(1, 'hq'))
      .when(claim(1, { network: { ...open, endsAt }, at: '2026-01-01T12:59:59.999Z' }))
      .thenNothing();
    given(issued(), claimed(1, 'hq'))
      .when(claim(1, { network: { ...open, endsAt }, at: endsAt }))
      .thenRejects('network.ended');
  });

  it('is refused as revoked rather than as too early: waiting would not help', () => {
    const network = { startsAt: '2026-06-01T00:00:00.000Z', endsAt: null };
    given(issued(), revoked).when(claim(1, { network })).thenRejects('invitation.revoked');
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
