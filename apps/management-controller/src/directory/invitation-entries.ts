import type { InvitationEvent } from '@caravan/events';
import type { JoinTokenEntry } from './entries.js';
import type { Register } from './register.js';

interface Registers {
  readonly invitations: Pick<Register<string>, 'set' | 'delete'>;
  readonly joinTokens: Register<JoinTokenEntry>;
}

/** What becomes of the invitations that there are, and of the tokens by which they are used. */
export function applyToInvitations({ invitations, joinTokens }: Registers, { type, data }: InvitationEvent): void {
  switch (type) {
    case 'InvitationIssued':
      invitations.set(data.invitationId, data.networkId);
      return;
    case 'InvitationDeleted':
      invitations.delete(data.invitationId);
      return forget(joinTokens, (token) => token.invitationId === data.invitationId);
    case 'JoinTokenIssued': {
      const { secretHash, ...token } = data;
      if (!joinTokens.peek(secretHash)) joinTokens.set(secretHash, token); // who was told first is not led elsewhere
      return;
    }
    case 'JoinTokenWithdrawn':
      return forget(joinTokens, (token) => token.joinTokenId === data.joinTokenId);
    default:
      return; // claims are decided on the invitation itself
  }
}

function forget(joinTokens: Register<JoinTokenEntry>, isMeant: (token: JoinTokenEntry) => boolean): void {
  for (const [secretHash, token] of joinTokens) if (isMeant(token)) joinTokens.delete(secretHash);
}
