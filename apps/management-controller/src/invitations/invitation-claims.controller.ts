import { Controller } from '@nestjs/common';
import { approveClaim, declineClaim, getClaim, listClaims } from '@caravan/api';
import type { Claim } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { requireNetwork } from '../networks/network-resource.js';
import { ReadModels } from '../read-models/read-models.js';
import type { ClaimRow } from './claim.projection.js';

/** Who used the invitations of a network, and who is to be let in. */
@Controller()
export class InvitationClaimsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(listClaims)
  async list(@TheCall() { params: { networkId }, query }: Call<typeof listClaims>) {
    const { invitationId, status, ...page } = query;
    const where = { networkId, ...(invitationId && { invitationId }), ...(status && { status }) };
    const { items, next } = await this.readModels.claims.page(where, page);
    return { items: items.map(resource), next };
  }

  @Handle(getClaim)
  async get(@TheCall() { params: { networkId, claimId } }: Call<typeof getClaim>) {
    return resource(await this.find(networkId, claimId));
  }

  /** The site hears of it when it asks again; the admission reaction makes it a member. */
  @Handle(approveClaim)
  async approve(@TheCall() { params: { networkId, claimId: memberId }, metadata }: Call<typeof approveClaim>) {
    const { invitationId } = await this.find(networkId, memberId);
    const network = await requireNetwork(this.readModels, networkId);
    if (network.revokedAt !== null) throw new Rejection('network.revoked', { networkId });
    const command = { type: 'ApproveClaim', invitationId, memberId, network, metadata } as const;
    const { position } = await this.deciders.invitation(command);
    return new Written(position, async () => resource(await this.find(networkId, memberId)));
  }

  @Handle(declineClaim)
  async decline(@TheCall() { params: { networkId, claimId: memberId }, metadata }: Call<typeof declineClaim>) {
    const { invitationId } = await this.find(networkId, memberId);
    const { position } = await this.deciders.invitation({ type: 'DeclineClaim', invitationId, memberId, metadata });
    return new Written(position, async () => resource(await this.find(networkId, memberId)));
  }

  private async find(networkId: string, id: string): Promise<ClaimRow> {
    const row = await this.readModels.claims.find({ id, networkId });
    if (!row) throw new Rejection('claim.unknown', { claimId: id });
    return row;
  }
}

const resource = ({ createdPosition: _, ...row }: ClaimRow): Claim => row;
