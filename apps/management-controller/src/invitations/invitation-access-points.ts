import { Injectable } from '@nestjs/common';
import { Rejection } from '@caravan/event-store';
import { addressUnknown, hasAddress, HOW_TO_ADDRESS } from '../backbones/addresses.js';
import { ReadModels } from '../read-models/read-models.js';
import type { InvitationRow } from './invitation.projection.js';

type InvitationTerms = Pick<InvitationRow, 'backboneId' | 'claimAccessPoints' | 'memberAccessPoints'>;

/** Which access points invitations lead to: those that were asked for, or all of the kind on their backbone. */
@Injectable()
export class InvitationAccessPoints {
  constructor(private readonly readModels: ReadModels) {}

  /** @throws Rejection `access-point.unknown`, `access-point.wrong-kind`, `invitation.no-access-point` */
  async choose(backboneId: string, kind: 'claim' | 'member', asked: readonly string[] | undefined): Promise<string[]> {
    const all = await this.readModels.accessPoints.all({ backboneId });
    if (asked === undefined) {
      const chosen = all.filter((accessPoint) => accessPoint.kind === kind).map(({ id }) => id);
      if (chosen.length > 0) return chosen.slice(0, 16);
      const detail = `The backbone has no ${kind} access point: sites could not get in. Add one to a backbone site first.`;
      throw new Rejection('invitation.no-access-point', { detail, kind });
    }
    for (const accessPointId of asked) {
      const accessPoint = all.find(({ id }) => id === accessPointId);
      if (!accessPoint) throw new Rejection('access-point.unknown', { accessPointId });
      if (accessPoint.kind !== kind) {
        throw new Rejection('access-point.wrong-kind', { accessPointId, kind: accessPoint.kind, wanted: kind });
      }
    }
    return [...new Set(asked)];
  }

  /**
   * Without one of either kind a file would lead nowhere: to no claim, or to one that nobody could make use of. Those that are gone
   * count for nothing: an invitation leads its sites to its others.
   * @throws Rejection `invitation.no-address-yet`
   */
  async requireAddress({ backboneId, claimAccessPoints, memberAccessPoints }: InvitationTerms): Promise<void> {
    const all = await this.readModels.accessPoints.all({ backboneId });
    const required = [
      ['No site could claim', claimAccessPoints],
      ['No site that claims could link', memberAccessPoints],
    ] as const;
    for (const [consequence, ids] of required) {
      const offered = all.filter(({ id }) => ids.includes(id));
      if (offered.some(hasAddress)) continue;
      const unknown = await addressUnknown(this.readModels, offered);
      throw new Rejection('invitation.no-address-yet', { detail: `${consequence}: ${unknown}. ${HOW_TO_ADDRESS}.` });
    }
  }

  /**
   * Invitations are decided elsewhere, so this is a look and no lock: an invitation that is issued at the same moment may name an
   * access point that is gone, and then leads its sites to its others.
   * @throws Rejection `access-point.has-invitations`
   */
  async requireUninvited({ backboneId, accessPointId }: { backboneId: string; accessPointId: string }): Promise<void> {
    const invitations = await this.readModels.invitations.all({ backboneId, status: 'open' });
    const naming = invitations.filter(({ claimAccessPoints, memberAccessPoints }) =>
      [...claimAccessPoints, ...memberAccessPoints].includes(accessPointId),
    );
    const [first] = naming;
    if (!first) return;
    const detail = `${naming.length} open invitation(s), ${first.name} among them, lead sites here. Revoke or delete them first.`;
    throw new Rejection('access-point.has-invitations', { detail, invitations: naming.length });
  }
}
