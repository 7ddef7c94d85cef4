import { serverNameOf } from '@caravan/data-plane';
import type { LinkItem } from '@caravan/data-plane';
import { trustOf } from '../model/anchors.js';
import { doorRules } from '../model/doors.js';
import type { OwnedDoor } from '../model/doors.js';
import { NO_PROOF } from '../model/model.js';
import type { AccessPoint, Model } from '../model/model.js';
import { revokedAt } from '../model/revoked.js';
import { accessPointIdentities } from './identities.js';

interface Dialling extends OwnedDoor {
  readonly id: string;
  readonly certificateId: string;
  readonly cost: number;
  /** What its operator supplies for it and is known at the other end. */
  readonly suppliedFingerprint?: string | undefined;
}

/**
 * A link to an access point by one of its doors; none while its address is unknown or its certificate could not be proved:
 * access points are certified by the infrastructure authority of their backbone, whoever dials them, unless their operator supplies another.
 */
export function linkTo(model: Model, accessPoint: AccessPoint | undefined, dialling: Dialling): LinkItem[] {
  if (!accessPoint?.address) return [];
  const { id, door, ownerId, certificateId, cost, suppliedFingerprint } = dialling;
  const { access, reach } = doorRules[door];
  const trusted = trustOf(model, 'infrastructure', accessPoint.backboneId);
  if (access !== accessPoint.kind || trusted.trust.length === 0) return [];
  const site = model.sites.get(accessPoint.siteId);
  const proof = site?.kind === 'backbone' ? site.proof : NO_PROOF;
  return [
    {
      kind: 'link',
      id,
      access,
      ...accessPoint.address,
      serverName: serverNameOf(door, ownerId),
      ...trusted,
      ...(proof.trust.length > 0 && { supplied: [...proof.trust] }),
      ...(proof.before.length > 0 && { suppliedBefore: [...proof.before] }),
      ...revokedAt(model, accessPoint.id, ...(access === 'manage' ? [accessPoint.siteId] : [])),
      identities: accessPointIdentities(model.installation, accessPoint),
      certificateId,
      ...(suppliedFingerprint !== undefined && { suppliedFingerprint }),
      cost,
      reach: reach(ownerId),
    },
  ];
}
