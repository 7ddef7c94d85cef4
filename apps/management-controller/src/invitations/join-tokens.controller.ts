import { Controller } from '@nestjs/common';
import { issueJoinToken, join, listJoinTokens, withdrawJoinToken } from '@caravan/api';
import type { JoinToken } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { TheJoinToken } from '../callers/join-token-door.js';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import type { JoinTokenEntry } from '../directory/entries.js';
import { requireNetwork } from '../networks/network-resource.js';
import { ReadModels } from '../read-models/read-models.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import { InvitationCredentials, requireInvitation } from './invitation-credentials.js';
import type { InvitationRow } from './invitation.projection.js';

/** How whoever was told a secret comes by what the invitation's file holds. */
@Controller()
export class JoinTokensController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly accessPoints: InvitationAccessPoints,
    private readonly credentials: InvitationCredentials,
    private readonly directory: CurrentDirectory,
  ) {}

  @Handle(issueJoinToken)
  async issue(@TheCall() { params, body: { secretHash }, metadata, idFor }: Call<typeof issueJoinToken>) {
    const { networkId, invitationId } = params;
    const invitation = await requireInvitation(this.readModels, params);
    const network = await requireNetwork(this.readModels, networkId);
    if (network.revokedAt !== null) throw new Rejection('network.revoked', { networkId });
    // Nobody is told of a link that leads nowhere.
    if (invitation.status === 'open') await this.accessPoints.requireAddress(invitation);
    const joinTokenId = idFor('join-token');
    const holder = await this.directory.find(({ joinTokens }) => joinTokens, secretHash);
    if (holder && holder.joinTokenId !== joinTokenId) throw new Rejection('join-token.secret-taken', {});
    const command = { type: 'IssueJoinToken', invitationId, joinTokenId, secretHash, network, metadata } as const;
    const { position } = await this.deciders.invitation(command);
    await this.directory.find(({ joinTokens }) => joinTokens, secretHash); // it is good as soon as it is said to be there
    return new Written(position, async () => {
      const token = resourcesOf(await requireInvitation(this.readModels, params)).find(({ id }) => id === joinTokenId);
      if (!token) throw new Rejection('join-token.unknown', { joinTokenId }); // it was withdrawn since
      return token;
    });
  }

  /** All on one page: there is one for each place where it was announced. */
  @Handle(listJoinTokens)
  async list(@TheCall() { params }: Call<typeof listJoinTokens>) {
    const invitation = await requireInvitation(this.readModels, params);
    return { items: resourcesOf(invitation), next: null };
  }

  @Handle(withdrawJoinToken)
  async withdraw(@TheCall() { params, metadata }: Call<typeof withdrawJoinToken>) {
    const { position } = await this.deciders.invitation({ type: 'WithdrawJoinToken', ...params, metadata });
    return new Written(position);
  }

  @Handle(join)
  join(
    @TheCall() { body: { csr }, metadata, idFor }: Call<typeof join>,
    @TheJoinToken() { joinTokenId, invitationId, networkId }: JoinTokenEntry,
  ) {
    const certificateId = idFor('claim-certificate');
    return this.credentials.make({ networkId, invitationId, joinTokenId, csr, certificateId, metadata });
  }
}

const resourcesOf = ({ id: invitationId, networkId, joinTokens }: InvitationRow): JoinToken[] =>
  joinTokens.map((token) => ({ ...token, invitationId, networkId }));
