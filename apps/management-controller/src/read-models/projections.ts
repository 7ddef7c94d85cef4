import type { Projection } from '@caravan/event-store';
import { accessPointProjection } from '../backbones/access-point.projection.js';
import { backboneProjection } from '../backbones/backbone.projection.js';
import { backboneSiteProjection } from '../backbones/backbone-site.projection.js';
import { linkProjection } from '../backbones/link.projection.js';
import { claimProjection } from '../invitations/claim.projection.js';
import { invitationProjection } from '../invitations/invitation.projection.js';
import { connectorProjection, listenerProjection } from '../members/endpoint.projection.js';
import { memberProjection } from '../members/member.projection.js';
import { networkProjection } from '../networks/network.projection.js';
import { siteClassProjection } from '../networks/site-class.projection.js';
import { rotationProjection } from '../rotations/rotation.projection.js';
import { revocationProjection } from '../revocations/revocation.projection.js';
import { authorityRequestProjection } from '../authority-requests/authority-request.projection.js';
import { authorityProjection } from '../certificates/authority.projection.js';
import { certificateProjection } from '../certificates/certificate.projection.js';

/** Every table that is a function of the log; all of them advance together, in one transaction with their checkpoint. */
export const projections = [
  backboneProjection,
  backboneSiteProjection,
  accessPointProjection,
  linkProjection,
  networkProjection,
  siteClassProjection,
  invitationProjection,
  claimProjection,
  memberProjection,
  listenerProjection,
  connectorProjection,
  authorityProjection,
  authorityRequestProjection,
  certificateProjection,
  rotationProjection,
  revocationProjection,
] as const satisfies readonly Projection[];
