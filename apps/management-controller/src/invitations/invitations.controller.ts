import { Controller } from '@nestjs/common';
import {
  createInvitation,
  createInvitationCredential,
  deleteInvitation,
  getInvitation,
  listInvitations,
  revokeInvitation,
} from '@caravan/api';
import type { Invitation } from '@caravan/api';
import { InvitationListed } from '@caravan/events';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { step } from '../deciding/metadata.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { requireNetwork } from '../networks/network-resource.js';
import type { NetworkRow } from '../networks/network.projection.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import { InvitationCredentials, requireInvitation } from './invitation-credentials.js';
import type { InvitationRow } from './invitation.projection.js';

@Controller()
export class InvitationsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly accessPoints: InvitationAccessPoints,
    private readonly credentials: InvitationCredentials,
  ) {}

  /** Names are decided on the network's stream; then its own stream opens. The opening reaction does the second, if we die. */
  @Handle(createInvitation)
  async create(@TheCall() { params: { networkId }, body, metadata, idFor }: Call<typeof createInvitation>) {
    const { backboneId } = await requireNetwork(this.readModels, networkId);
    const invitationId = idFor('invitation');
    const terms = {
      invitationId,
      networkId,
      backboneId,
      name: body.name,
      namePrefix: body.namePrefix ?? prefixOf(body.name),
      deadline: body.deadline ? new Date(body.deadline).toISOString() : null,
      instanceLimit: body.instanceLimit,
      siteClasses: body.siteClasses,
      claimAccessPoints: await this.accessPoints.choose(backboneId, 'claim', body.claimAccessPoints),
      memberAccessPoints: await this.accessPoints.choose(backboneId, 'member', body.memberAccessPoints),
      approval: body.approval,
      interactive: body.interactive,
      asks: body.asks,
    };
    const { events } = await this.deciders.network({ type: 'ListInvitation', networkId, terms, metadata });
    // What the same request decided the first time: there may be other access points by now.
    const listed = events.find((event) => event.type === InvitationListed.type)?.data ?? terms;
    const opened = step(metadata, 'open invitation');
    const command = { type: 'IssueInvitation', invitationId, terms: listed, metadata: opened } as const;
    const { position } = await this.deciders.invitation(command);
    return new Written(position, () => this.read(networkId, invitationId));
  }

  @Handle(listInvitations)
  async list(@TheCall() { params: { networkId }, query }: Call<typeof listInvitations>) {
    const { items, next } = await this.readModels.invitations.page({ networkId }, query);
    const network = await this.readModels.networks.find({ id: networkId });
    return { items: items.map((row) => resource(row, network)), next };
  }

  @Handle(getInvitation)
  get(@TheCall() { params }: Call<typeof getInvitation>) {
    return this.read(params.networkId, params.invitationId);
  }

  @Handle(createInvitationCredential)
  credential(@TheCall() { params, body: { csr }, metadata, idFor }: Call<typeof createInvitationCredential>) {
    return this.credentials.make({ ...params, csr, certificateId: idFor('claim-certificate'), metadata });
  }

  @Handle(revokeInvitation)
  async revoke(@TheCall() { params: { networkId, invitationId }, metadata }: Call<typeof revokeInvitation>) {
    await this.find(networkId, invitationId);
    const { position } = await this.deciders.invitation({ type: 'RevokeInvitation', invitationId, metadata });
    return new Written(position, () => this.read(networkId, invitationId));
  }

  @Handle(deleteInvitation)
  async delete(@TheCall() { params: { networkId, invitationId }, metadata }: Call<typeof deleteInvitation>) {
    // Not by its row: that is gone when the same request comes again, which gets its first answer.
    const command = { type: 'DeleteInvitation', invitationId, networkId, metadata } as const;
    const { position } = await this.deciders.invitation(command);
    const unlisted = step(metadata, 'unlist invitation');
    await this.deciders.network({ type: 'UnlistInvitation', networkId, invitationId, metadata: unlisted });
    return new Written(position);
  }

  private async read(networkId: string, invitationId: string): Promise<Invitation> {
    const row = await this.find(networkId, invitationId);
    return resource(row, await this.readModels.networks.find({ id: networkId }));
  }

  private find(networkId: string, invitationId: string): Promise<InvitationRow> {
    return requireInvitation(this.readModels, { networkId, invitationId });
  }
}

/** Members are called `<prefix>-<n>`, and a name has at most 63 characters. */
const prefixOf = (name: string): string => name.slice(0, 48).replace(/-+$/, '');

/** Those of a revoked network were taken back with it. */
const resource = (
  { createdPosition: _, backboneId: __, joinTokens: ___, ...row }: InvitationRow,
  network: Pick<NetworkRow, 'revokedAt'> | null,
): Invitation => (network?.revokedAt ? { ...row, status: 'revoked' } : row);
