import { invitationEvents, memberEvents, networkEvents } from './membership/index.js';
import { logEntryEvents, quarantinedEntryEvents } from './operations/index.js';
import { backboneEvents, backboneNameEvents, backboneSiteEvents, managementSiteEvents } from './topology/index.js';
import { authorityEvents, authorityRequestEvents, certificateEvents } from './trust/index.js';
import { authorityCertificateEvents, revocationEvents, rotationEvents } from './trust-change/index.js';

/** Every stored event. What is not here can be neither written nor read. */
export const allEvents = [
  ...backboneEvents,
  ...backboneNameEvents,
  ...backboneSiteEvents,
  ...managementSiteEvents,
  ...networkEvents,
  ...invitationEvents,
  ...memberEvents,
  ...authorityEvents,
  ...authorityRequestEvents,
  ...authorityCertificateEvents,
  ...certificateEvents,
  ...rotationEvents,
  ...revocationEvents,
  ...logEntryEvents,
  ...quarantinedEntryEvents,
] as const;
