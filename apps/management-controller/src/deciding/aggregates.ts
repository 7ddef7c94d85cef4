import {
  authorityCertificateStream,
  backboneNameStream,
  backboneSiteStream,
  backboneStream,
  invitationStream,
  logEntryStream,
  managementSiteStream,
  memberStream,
  networkStream,
  quarantinedEntryStream,
  revocationStream,
  rotationStream,
} from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import type { Command, Decider } from '@caravan/event-store';
import { backboneSite } from '../backbone-sites/backbone-site.js';
import { authorityCertificate } from '../authority-requests/authority-certificate.js';
import { backbone } from '../backbones/backbone.js';
import { backboneName } from '../backbones/backbone-name.js';
import { invitation } from '../invitations/invitation.js';
import { logEntry } from '../log-entries/log-entry.js';
import { managementSite } from '../management-sites/management-site.js';
import { member } from '../members/member.js';
import { network } from '../networks/network.js';
import { quarantinedEntry } from '../quarantine/quarantined-entry.js';
import { revocation } from '../revocations/revocation.js';
import { rotation } from '../rotations/rotation.js';

/** What an aggregate is to the loop that decides: its rules, and which stream a command is about. */
export interface Aggregate<State, C extends Command, E extends Event> {
  readonly decider: Decider<State, C, E>;
  readonly stream: (command: C) => StreamName;
  /** Whether the command most likely opens its stream. */
  readonly opens?: (command: C) => boolean;
}

const aggregate = <State, C extends Command, E extends Event>(of: Aggregate<State, C, E>): Aggregate<State, C, E> => of;

/** A reaction comes when the stream is most likely open already. */
const opens =
  (type: string) =>
  (command: Command): boolean =>
    command.type === type && command.metadata.via !== 'reaction';

/** Every aggregate of this service. */
export const aggregates = {
  backbone: aggregate({
    decider: backbone,
    stream: ({ backboneId }) => backboneStream(backboneId),
    opens: opens('CreateBackbone'),
  }),
  backboneName: aggregate({ decider: backboneName, stream: ({ name }) => backboneNameStream(name) }),
  backboneSite: aggregate({ decider: backboneSite, stream: ({ siteId }) => backboneSiteStream(siteId) }),
  managementSite: aggregate({ decider: managementSite, stream: ({ siteId }) => managementSiteStream(siteId) }),
  network: aggregate({
    decider: network,
    stream: ({ networkId }) => networkStream(networkId),
    opens: opens('CreateNetwork'),
  }),
  invitation: aggregate({
    decider: invitation,
    stream: ({ invitationId }) => invitationStream(invitationId),
    opens: opens('IssueInvitation'),
  }),
  member: aggregate({
    decider: member,
    stream: ({ memberId }) => memberStream(memberId),
    opens: opens('AdmitMember'),
  }),
  logEntry: aggregate({ decider: logEntry, stream: ({ position }) => logEntryStream(position) }),
  revocation: aggregate({ decider: revocation, stream: ({ revocationId }) => revocationStream(revocationId) }),
  authorityCertificate: aggregate({
    decider: authorityCertificate,
    stream: ({ authorityId }) => authorityCertificateStream(authorityId),
  }),
  rotation: aggregate({ decider: rotation, stream: ({ ownerId }) => rotationStream(ownerId) }),
  quarantinedEntry: aggregate({ decider: quarantinedEntry, stream: quarantinedEntryStream }),
};
