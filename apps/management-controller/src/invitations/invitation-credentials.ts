import { Inject, Injectable } from '@nestjs/common';
import type { createInvitationCredential } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { Written } from '../api/answer.interceptor.js';
import { requireSignedAuthority } from '../authority-requests/awaited.js';
import { controlTrust } from '../certificates/control-trust.js';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { Deciders } from '../deciding/deciders.js';
import { DesiredState } from '../desired-state/desired-state.js';
import { INSTALLATION } from '../installation.js';
import { requireNetwork } from '../networks/network-resource.js';
import { ReadModels } from '../read-models/read-models.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import type { RequestCredential } from './invitation.js';
import type { InvitationRow } from './invitation.projection.js';

const SIGNED_WITHIN_MS = 10_000;

interface Wanted extends Omit<RequestCredential, 'type' | 'network'> {
  readonly networkId: string;
}

/** What a site claims an invitation with: a certificate for the key of who asks, and all that it has to know beside. */
@Injectable()
export class InvitationCredentials {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly accessPoints: InvitationAccessPoints,
    private readonly issuing: Issuing,
    private readonly desiredState: DesiredState,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {}

  /** @throws Rejection as the routes that ask for it declare */
  async make({ networkId, ...wanted }: Wanted): Promise<Written<typeof createInvitationCredential>> {
    const { invitationId, certificateId } = wanted;
    const invitation = await requireInvitation(this.readModels, { networkId, invitationId });
    const { name, deadline, interactive, asks } = invitation;
    const network = await requireNetwork(this.readModels, networkId);
    if (network.revokedAt !== null) throw new Rejection('network.revoked', { networkId });
    readCsr(wanted.csr); // whoever asks must have the key
    if (invitation.status === 'open') await this.accessPoints.requireAddress(invitation);
    await requireSignedAuthority(this.readModels, { backboneId: network.backboneId, networkId });
    await this.deciders.invitation({ type: 'RequestCredential', ...wanted, network });
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
}

/** Of its own network only. @throws Rejection `invitation.unknown` */
export async function requireInvitation(
  { invitations }: Pick<ReadModels, 'invitations'>,
  { networkId, invitationId }: { networkId: string; invitationId: string },
): Promise<InvitationRow> {
  const row = await invitations.find({ id: invitationId, networkId });
  if (!row) throw new Rejection('invitation.unknown', { invitationId });
  return row;
}

/** Nothing of it where nothing is asked: sites of before refuse what they do not know. */
const asking = (interactive: boolean, asks: InvitationRow['asks']) => ({
  ...(interactive && { interactive }),
  ...(asks.length > 0 && { asks }),
});
