import {
  AccessPointCertificateRequested,
  allEvents,
  BackboneNameReleased,
  BackboneNameReserved,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BootstrapRequested,
} from '@caravan/events';
import type { BackboneNameEvent, BackboneSiteEvent, EventOf } from '@caravan/events';
import { Affected } from './affected.js';
import { onBackbone } from './backbone-events.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import { onInvitation } from './invitation-events.js';
import { onManagementSite } from './management-site-events.js';
import { onMember } from './member-events.js';
import type { Model } from './model.js';
import { onNetwork } from './network-events.js';
import { onOperations } from './operations-events.js';
import { onRotation } from './rotation-events.js';
import { onTrust } from './authority-events.js';

/** Names are reserved apart from what they name. */
const onBackboneName: HandlersOf<BackboneNameEvent> = {
  [BackboneNameReserved.type]: nothing,
  [BackboneNameReleased.type]: nothing,
};

/** Who may enrol or ask for which certificate is decided where it is asked; items say only what a site should hold. */
const onBackboneSite: HandlersOf<BackboneSiteEvent> = {
  [BootstrapRequested.type]: nothing,
  [BackboneSiteEnrolled.type]: nothing,
  [BackboneSiteCertificateRequested.type]: nothing,
  [AccessPointCertificateRequested.type]: nothing,
};

const handlers: HandlersOf<LogEvent> = {
  ...onBackbone,
  ...onBackboneName,
  ...onBackboneSite,
  ...onManagementSite,
  ...onNetwork,
  ...onInvitation,
  ...onMember,
  ...onTrust,
  ...onRotation,
  ...onOperations,
};

/** Any event of the log, as a registry of all events has read it: its data is what its schema says. */
export type LogEvent = EventOf<typeof allEvents>;

type Handler = (model: Model, data: LogEvent['data'], affected: Affected) => void;

/** The events that some desired state depends on; a fold need not read the others, which are the greater part of a log. */
export const foldedEvents = allEvents.filter(({ type }) => handlers[type] !== nothing);

/** Takes one event into the model, in place, and says which items of which sites it concerns. */
export function evolve(model: Model, event: LogEvent): Affected {
  const affected = new Affected();
  (handlers[event.type] as Handler)(model, event.data, affected);
  return affected;
}
