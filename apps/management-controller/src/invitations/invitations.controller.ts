import { Controller, Inject } from '@nestjs/common';
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
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { step } from '../deciding/metadata.js';
import { controlTrust } from '../certificates/control-trust.js';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { requireSignedAuthority } from '../authority-requests/awaited.js';
import { Deciders } from '../deciding/deciders.js';
import { DesiredState } from '../desired-state/desired-state.js';
import { INSTALLATION } from '../installation.js';
import { ReadModels } from '../read-models/read-models.js';
import { requireNetwork } from '../networks/network-resource.js';
import type { NetworkRow } from '../networks/network.projection.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import type { InvitationRow } from './invitation.projection.js';

const SIGNED_WITHIN_MS = 10_000;

@Controller()
export class InvitationsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly accessPoints: InvitationAccessPoints,
    private readonly issuing: Issuing,
    private readonly desiredState: DesiredState,
    @Inject(INSTALLATION) private readonly installation: string,
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
  async credential(@TheCall() { params, body: { csr }, metadata, idFor }: Call<typeof createInvitationCredential>) {
    const { networkId, invitationId } = params;
    const invitation = await this.find(networkId, invitationId);
    const { name, deadline, interactive, asks } = invitation;
    const network = await requireNetwork(this.readModels, networkId);
    if (network.revokedAt !== null) throw new Rejection('network.revoked', { networkId });
    readCsr(csr); // whoever asks must have the key
    if (invitation.status === 'open') await this.accessPoints.requireAddress(invitation);
    await requireSignedAuthority(this.readModels, { backboneId: network.backboneId, networkId });
    const certificateId = idFor('claim-certificate');
    const command = { type: 'RequestCredential', invitationId, certificateId, csr, network, metadata } as const;
    await this.deciders.invitation(command);
    const issued = await this.issuing.required(SIGNED_WITHIN_MS, certificateId);
    const { items } = await this.desiredState.of('invitation', invitationId, issued.position);
    return new Written(issued.position, async () => ({
      position: issued.position,
      installation: this.installation,
      invitation: {
        id: invitationId,
        name,
        networkId,
        networkName: network.name,
        deadline,
        ...asking(interactive, asks),
      },
      control: await controlTrust(this.readModels),
      links: [...items],
      chain: chainOf(issued),
    }));
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

  private async find(networkId: string, invitationId: string): Promise<InvitationRow> {
    const row = await this.readModels.invitations.find({ id: invitationId, networkId });
    if (!row) throw new Rejection('invitation.unknown', { invitationId });
    return row;
  }
}

/** Members are called `<prefix>-<n>`, and a name has at most 63 characters. */
const prefixOf = (name: string): string => name.slice(0, 48).replace(/-+$/, '');

/** Nothing of it where nothing is asked: sites of before refuse what they do not know. */
const asking = (interactive: boolean, asks: InvitationRow['asks']) => ({
  ...(interactive && { interactive }),
  ...(asks.length > 0 && { asks }),
});

/** Those of a revoked network were taken back with it. */
const resource = (
  { createdPosition: _, backboneId: __, ...row }: InvitationRow,
  network: Pick<NetworkRow, 'revokedAt'> | null,
): Invitation => (network?.revokedAt ? { ...row, status: 'revoked' } : row);
