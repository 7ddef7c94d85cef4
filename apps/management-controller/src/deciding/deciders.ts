import { Inject, Injectable } from '@nestjs/common';
import {
  backboneNameStream,
  backboneSiteStream,
  backboneStream,
  invitationStream,
  logEntryStream,
  managementSiteStream,
  memberStream,
  networkStream,
  quarantinedEntryStream,
} from '@caravan/events';
import { handleCommand } from '@caravan/event-store';
import type { Command, EventStore } from '@caravan/event-store';
import { EVENT_STORE } from '@caravan/platform';
import { backboneSite } from '../backbone-sites/backbone-site.js';
import { backbone } from '../backbones/backbone.js';
import { backboneName } from '../backbones/backbone-name.js';
import { invitation } from '../invitations/invitation.js';
import { logEntry } from '../log-entries/log-entry.js';
import { managementSite } from '../management-sites/management-site.js';
import { member } from '../members/member.js';
import { network } from '../networks/network.js';
import { quarantinedEntry } from '../quarantine/quarantined-entry.js';

/** What opens a stream. A reaction comes when it is most likely open already. */
const opens =
  (type: string) =>
  (command: Command): boolean =>
    command.type === type && command.metadata.via !== 'reaction';

/** Every aggregate of this service behind one loop: load, decide, append with compare-and-set. */
@Injectable()
export class Deciders {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  readonly backbone = handleCommand({
    store: this.store,
    decider: backbone,
    opens: opens('CreateBackbone'),
    stream: ({ backboneId }) => backboneStream(backboneId),
  });
  readonly backboneName = handleCommand({
    store: this.store,
    decider: backboneName,
    stream: ({ name }) => backboneNameStream(name),
  });
  readonly backboneSite = handleCommand({
    store: this.store,
    decider: backboneSite,
    stream: ({ siteId }) => backboneSiteStream(siteId),
  });
  readonly managementSite = handleCommand({
    store: this.store,
    decider: managementSite,
    stream: ({ siteId }) => managementSiteStream(siteId),
  });
  readonly network = handleCommand({
    store: this.store,
    decider: network,
    opens: opens('CreateNetwork'),
    stream: ({ networkId }) => networkStream(networkId),
  });
  readonly invitation = handleCommand({
    store: this.store,
    decider: invitation,
    opens: opens('IssueInvitation'),
    stream: ({ invitationId }) => invitationStream(invitationId),
  });
  readonly member = handleCommand({
    store: this.store,
    decider: member,
    opens: opens('AdmitMember'),
    stream: ({ memberId }) => memberStream(memberId),
  });
  readonly logEntry = handleCommand({
    store: this.store,
    decider: logEntry,
    stream: ({ position }) => logEntryStream(position),
  });
  readonly quarantinedEntry = handleCommand({
    store: this.store,
    decider: quarantinedEntry,
    stream: quarantinedEntryStream,
  });
}
