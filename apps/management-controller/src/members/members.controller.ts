import { Controller } from '@nestjs/common';
import { deleteMember, getMember, listMembers } from '@caravan/api';
import type { Member } from '@caravan/api';
import { MemberRemoved } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { step } from '../deciding/metadata.js';
import { shown } from '../link-certificates/link-certificate.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { SiteSightings } from '../reports/site-sightings.js';
import type { MemberRow } from './member.projection.js';

@Controller()
export class MembersController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly sightings: SiteSightings,
  ) {}

  @Handle(listMembers)
  async list(@TheCall() { params: { networkId }, query: { invitationId, ...page } }: Call<typeof listMembers>) {
    const where = { networkId, ...(invitationId && { invitationId }) };
    const { items, next } = await this.readModels.members.page(where, page);
    return { items: await this.resources(items), next };
  }

  @Handle(getMember)
  async get(@TheCall() { params }: Call<typeof getMember>) {
    const [resource] = await this.resources([await this.find(params.networkId, params.memberId)]);
    return resource;
  }

  @Handle(deleteMember)
  async delete(@TheCall() { params: { networkId, memberId }, metadata }: Call<typeof deleteMember>) {
    // Not by its row: that is gone when the same request comes again, which gets its first answer.
    const { position, events } = await this.deciders.member({ type: 'RemoveMember', memberId, networkId, metadata });
    const recorded = step(metadata, 'record member gone');
    for (const event of events) {
      if (event.type !== MemberRemoved.type) continue;
      const { invitationId } = event.data;
      await this.deciders.invitation({
        type: 'RecordMembersGone',
        invitationId,
        memberIds: [memberId],
        metadata: recorded,
      });
    }
    return new Written(position);
  }

  private async find(networkId: string, memberId: string): Promise<MemberRow> {
    const row = await this.readModels.members.find({ id: memberId, networkId });
    if (!row) throw new Rejection('member.unknown', { memberId });
    return row;
  }

  private async resources(rows: readonly MemberRow[]): Promise<Member[]> {
    const seen = await this.sightings.lastSeen(rows.map(({ id }) => id));
    return rows.map(({ createdPosition: _, linkCertificates, ...row }) => ({
      ...row,
      linkCertificates: shown(linkCertificates),
      lastSeenAt: seen.get(row.id) ?? null,
    }));
  }
}
