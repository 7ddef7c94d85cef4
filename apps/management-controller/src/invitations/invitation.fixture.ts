import {
  ClaimDeclined,
  ClaimRequested,
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationDeleted,
  invitationEvents,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
  JoinTokenIssued,
  JoinTokenWithdrawn,
  PLAIN_TERMS,
} from '@caravan/events';
import type { EventOf, InvitationTerms } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { invitation } from './invitation.js';
import type {
  ApproveClaim,
  ClaimInvitation,
  DeclineClaim,
  IssueJoinToken,
  RequestCredential,
  WithdrawJoinToken,
} from './invitation.js';

/** Specs of the stream on which claims are decided. */
export const { given } = specification(invitation, invitationEvents);

export const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const [invitationId, networkId, backboneId, accessPoint] = [uuid(1), uuid(2), uuid(3), uuid(4)] as const;
export const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
export const deadline = '2026-01-02T00:00:00.000Z';

export const terms = (changes: Partial<InvitationTerms> = {}): InvitationTerms => ({
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
  ...PLAIN_TERMS,
  ...changes,
});
export const issued = (changes: Partial<InvitationTerms> = {}) => InvitationIssued(terms(changes));
export const revoked = InvitationRevoked({ invitationId });
export const deleted = InvitationDeleted({ invitationId, networkId });

export const site = (n: number) => ({
  claimantKey: String(n).padStart(64, '0'),
  memberId: uuid(100 + n),
  certificateId: uuid(200 + n),
});
type Claimed = EventOf<typeof ClaimRequested>['data'];
const claim = (n: number, { memberName = `store-${n}`, ...more }: Partial<Claimed> = {}): Claimed => ({
  ...{ invitationId, networkId, backboneId, ...site(n), memberName, ordinal: n, csr, details: {} },
  ...{ siteClasses: ['storefront'], memberAccessPoints: [accessPoint] },
  ...more,
});
export const claimed = (n: number, more: Partial<Claimed> = {}) => InvitationClaimed(claim(n, more));
export const requested = (n: number, more: Partial<Claimed> = {}) => ClaimRequested(claim(n, more));
export const declined = (n: number) => ClaimDeclined({ invitationId, networkId, memberId: site(n).memberId });
export const memberGone = (n: number) => InvitationMemberGone({ invitationId, memberId: site(n).memberId });

export const open = { startsAt: '2025-12-31T00:00:00.000Z', endsAt: null };
export const metadata = commandMetadata();
interface Asking extends Partial<Pick<ClaimInvitation, 'network' | 'name' | 'details'>> {
  readonly at?: string;
}
export const claims = (n: number, { at, network = open, ...said }: Asking = {}): ClaimInvitation => ({
  type: 'ClaimInvitation',
  invitationId,
  ...site(n),
  csr,
  network,
  ...said,
  metadata: commandMetadata(at === undefined ? {} : { now: new Date(at) }),
});
export const approve = (n: number, endsAt: string | null = null): ApproveClaim => ({
  ...{ type: 'ApproveClaim', invitationId, memberId: site(n).memberId, metadata },
  network: { ...open, endsAt, name: 'retail' },
});
export const decline = (n: number): DeclineClaim => ({
  ...{ type: 'DeclineClaim', invitationId, memberId: site(n).memberId, metadata },
});

const network = { ...open, name: 'retail' };
const token = (n: number) => ({ invitationId, joinTokenId: uuid(300 + n) });
const secretHash = '5'.repeat(64);
export const tokenIssued = (n: number) => JoinTokenIssued({ ...token(n), networkId, secretHash });
export const tokenWithdrawn = (n: number) => JoinTokenWithdrawn(token(n));
export const issueToken = (n: number, more: Partial<IssueJoinToken> = {}): IssueJoinToken => ({
  ...{ type: 'IssueJoinToken', ...token(n), secretHash, network, metadata },
  ...more,
});
export const withdrawToken = (n: number, ofNetwork = networkId): WithdrawJoinToken => ({
  ...{ type: 'WithdrawJoinToken', ...token(n), networkId: ofNetwork, metadata },
});
export const asksForCredential = (by?: number): RequestCredential => ({
  ...{ type: 'RequestCredential', invitationId, certificateId: uuid(400), csr, network, metadata },
  ...(by !== undefined && { joinTokenId: token(by).joinTokenId }),
});
export const credentialRequested = InvitationCredentialRequested({
  ...{ invitationId, networkId, certificateId: uuid(400), csr },
});
