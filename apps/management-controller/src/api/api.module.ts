import { Module } from '@nestjs/common';
import { AuthorityRequestsController } from '../authority-requests/authority-requests.controller.js';
import { BackboneSitesController } from '../backbone-sites/backbone-sites.controller.js';
import { AccessPointsController } from '../backbones/access-points.controller.js';
import { BackbonesController } from '../backbones/backbones.controller.js';
import { LinksController } from '../backbones/links.controller.js';
import { CertificatesController } from '../certificates/certificates.controller.js';
import { InvitationClaimsController } from '../invitations/invitation-claims.controller.js';
import { InvitationCredentials } from '../invitations/invitation-credentials.js';
import { InvitationsController } from '../invitations/invitations.controller.js';
import { JoinTokensController } from '../invitations/join-tokens.controller.js';
import { ConnectorsController } from '../members/connectors.controller.js';
import { LogEntriesController } from '../log-entries/log-entries.controller.js';
import { ListenersController } from '../members/listeners.controller.js';
import { MembersController } from '../members/members.controller.js';
import { NetworkWindowsController } from '../networks/network-windows.controller.js';
import { NetworksController } from '../networks/networks.controller.js';
import { SiteClassesController } from '../networks/site-classes.controller.js';
import { PlansController } from '../plans/plans.controller.js';
import { QuarantineController } from '../quarantine/quarantine.controller.js';
import { RevocationsController } from '../revocations/revocations.controller.js';
import { RotationsController } from '../rotations/rotations.controller.js';
import { AdministrationController } from '../status/administration.controller.js';
import { StatusController } from '../status/status.controller.js';

/** The management API, `/api/v1`: one controller for each kind of resource. */
@Module({
  controllers: [
    BackbonesController,
    BackboneSitesController,
    AccessPointsController,
    LinksController,
    NetworksController,
    NetworkWindowsController,
    SiteClassesController,
    InvitationsController,
    InvitationClaimsController,
    JoinTokensController,
    MembersController,
    ListenersController,
    ConnectorsController,
    CertificatesController,
    AuthorityRequestsController,
    RotationsController,
    RevocationsController,
    PlansController,
    StatusController,
    AdministrationController,
    LogEntriesController,
    QuarantineController,
  ],
  providers: [InvitationCredentials],
})
export class ApiModule {}
