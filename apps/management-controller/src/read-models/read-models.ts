import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accessPointProjection } from '../backbones/access-point.projection.js';
import { backboneProjection } from '../backbones/backbone.projection.js';
import { backboneSiteProjection } from '../backbones/backbone-site.projection.js';
import { linkProjection } from '../backbones/link.projection.js';
import { claimProjection } from '../invitations/claim.projection.js';
import { invitationProjection } from '../invitations/invitation.projection.js';
import { connectorProjection, listenerProjection } from '../members/endpoint.projection.js';
import { memberProjection } from '../members/member.projection.js';
import { rotationProjection } from '../rotations/rotation.projection.js';
import { networkProjection } from '../networks/network.projection.js';
import { siteClassProjection } from '../networks/site-class.projection.js';
import { revocationProjection } from '../revocations/revocation.projection.js';
import { authorityRequestProjection } from '../authority-requests/authority-request.projection.js';
import { authorityProjection } from '../certificates/authority.projection.js';
import { certificateProjection } from '../certificates/certificate.projection.js';
import { ReadModel } from './read-model.js';

/** The projections, to be read. */
@Injectable()
export class ReadModels {
  constructor(private readonly source: DataSource) {}

  readonly backbones = new ReadModel(this.source, backboneProjection);
  readonly backboneSites = new ReadModel(this.source, backboneSiteProjection);
  readonly accessPoints = new ReadModel(this.source, accessPointProjection);
  readonly links = new ReadModel(this.source, linkProjection);
  readonly networks = new ReadModel(this.source, networkProjection);
  readonly siteClasses = new ReadModel(this.source, siteClassProjection);
  readonly invitations = new ReadModel(this.source, invitationProjection);
  readonly claims = new ReadModel(this.source, claimProjection);
  readonly members = new ReadModel(this.source, memberProjection);
  readonly listeners = new ReadModel(this.source, listenerProjection);
  readonly connectors = new ReadModel(this.source, connectorProjection);
  readonly authorities = new ReadModel(this.source, authorityProjection);
  readonly authorityRequests = new ReadModel(this.source, authorityRequestProjection);
  readonly certificates = new ReadModel(this.source, certificateProjection);
  readonly revocations = new ReadModel(this.source, revocationProjection);
  readonly rotations = new ReadModel(this.source, rotationProjection);
}
