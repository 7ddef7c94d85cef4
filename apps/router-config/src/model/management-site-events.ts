import {
  ManageLinkCertificateDue,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  ManagementSiteMoved,
  ManagementSiteRegistered,
} from '@caravan/events';
import type { ManagementSiteEvent } from '@caravan/events';
import { noteControl } from './control.js';
import { manageAddresses } from './diallers.js';
import type { HandlersOf } from './handlers.js';
import { CONTROL_CONNECTOR, itemKey, manageCertificateId, manageLinkId } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import { renewManageLinks, renewSite } from './renewals.js';

export const onManagementSite: HandlersOf<ManagementSiteEvent> = {
  [ManagementSiteRegistered.type](model, { siteId, controlHost, controlPort }, affected) {
    if (model.sites.has(siteId)) return;
    model.sites.set(siteId, { kind: 'management', id: siteId, controlHost, controlPort, ordinal: FIRST_ORDINAL });
    model.managementSites.add(siteId);
    noteControl(model, siteId, 'changed', affected);
    affected.changed(siteId, itemKey('connector', CONTROL_CONNECTOR));
    for (const backboneId of model.backbones.keys()) {
      for (const { id } of manageAddresses(model, backboneId)) {
        affected.changed(siteId, itemKey('certificate', manageCertificateId(backboneId)));
        affected.changed(siteId, itemKey('link', manageLinkId(id)));
      }
    }
  },
  [ManagementSiteMoved.type](model, { siteId, controlHost, controlPort }, affected) {
    const site = model.sites.get(siteId);
    if (site?.kind !== 'management') return;
    site.controlHost = controlHost;
    site.controlPort = controlPort;
    affected.changed(siteId, itemKey('connector', CONTROL_CONNECTOR));
  },
  [ManagementSiteCertificateRequested.type](model, { siteId, ordinal }, affected) {
    renewSite(model, siteId, ordinal, affected);
  },
  [ManageLinkCertificateDue.type](model, { backboneId, ordinal }, affected) {
    renewManageLinks(model, backboneId, ordinal, affected);
  },
  [ManageLinkCertificateRequested.type](model, { backboneId, ordinal }, affected) {
    renewManageLinks(model, backboneId, ordinal, affected);
  },
};
