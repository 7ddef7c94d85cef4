import {
  AccessPointCertificateDue,
  AccessPointCertificateRequested,
  allEvents,
  BackboneNameReleased,
  BackboneNameReserved,
  BackboneSiteCertificateDue,
  BackboneSiteCertificateRequested,
  BackboneSiteEnrolled,
  BackboneSiteLinkCertificatesSupplied,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
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
import { pin } from './pins.js';
import { prove } from './proofs.js';
import { renewAccessPoint, renewSite } from './renewals.js';
import { onRevocation } from './revocation-events.js';
import { onRotation } from './rotation-events.js';
import { onTrust } from './authority-events.js';

/** Names are reserved apart from what they name. */
const onBackboneName: HandlersOf<BackboneNameEvent> = {
  [BackboneNameReserved.type]: nothing,
  [BackboneNameReleased.type]: nothing,
};

/** A site that asks because of its certificate's age is ahead of what it was told. */
function onAccessPointCertificate(
  model: Model,
  { accessPointId, ordinal }: { readonly accessPointId: string; readonly ordinal: number },
  affected: Affected,
): void {
  const accessPoint = model.accessPoints.get(accessPointId);
  if (accessPoint) renewAccessPoint(accessPoint, ordinal, affected);
}

/** Who may enrol or ask for which certificate is decided where it is asked; items say what a site should hold. */
const onBackboneSite: HandlersOf<BackboneSiteEvent> = {
  [BootstrapRequested.type]: nothing,
  [BackboneSiteEnrolled.type]: nothing,
  [BackboneSiteCertificateDue.type](model, { siteId, ordinal }, affected) {
    renewSite(model, siteId, ordinal, affected);
  },
  [BackboneSiteCertificateRequested.type](model, { siteId, ordinal }, affected) {
    renewSite(model, siteId, ordinal, affected);
  },
  [AccessPointCertificateDue.type]: onAccessPointCertificate,
  [AccessPointCertificateRequested.type]: onAccessPointCertificate,
  [BackboneSiteProofSupplied.type](model, { siteId, trust }, affected) {
    prove(model, siteId, trust, affected);
  },
  [BackboneSiteProofWithdrawn.type](model, { siteId }, affected) {
    prove(model, siteId, [], affected);
  },
  [BackboneSiteLinkCertificatesSupplied.type](model, { siteId, linkCertificates }, affected) {
    pin(model, siteId, linkCertificates, affected);
  },
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
  ...onRevocation,
  ...onOperations,
};

/** Any event of the log, as a registry of all events has read it: its data is what its schema says. */
export type LogEvent = EventOf<typeof allEvents>;

type Handler = (model: Model, data: LogEvent['data'], affected: Affected) => void;

/** The events that some desired state depends on; a fold need not read the others, which are the greater part of a log. */
export const foldedEvents = allEvents.filter(({ type }) => handlers[type] !== nothing);

/**
 * Takes one event into the model, in place, and says which items of which sites it concerns. `at`: when it was decided, ISO-8601 UTC.
 */
export function evolve(model: Model, event: LogEvent, at: string): Affected {
  const affected = new Affected();
  model.now = Math.max(model.now, Date.parse(at)); // deciders' clocks differ
  (handlers[event.type] as Handler)(model, event.data, affected);
  return affected;
}
