import { SITE_CERTIFICATE } from '@caravan/data-plane';
import {
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
} from '@caravan/events';
import type { EventOf, RotationEvent } from '@caravan/events';
import { noteCertificate } from './access-point-events.js';
import type { Affected } from './affected.js';
import { retire } from './anchors.js';
import { noteBackbone } from './authority-events.js';
import { noteManageCertificate } from './diallers.js';
import { noteEntrances } from './entrances.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import { itemKey } from './item-ids.js';
import type { Model } from './model.js';

type Advanced = EventOf<typeof RotationAdvanced>['data'];

/** New authorities are trusted as soon as they are established; each phase after that asks for certificates, or takes trust back. */
export const onRotation: HandlersOf<RotationEvent> = {
  [RotationBegun.type]: nothing,
  [RotationAdvanced.type](model, { owner, phase, ordinal }, affected) {
    switch (owner.kind) {
      case 'network':
        return advanceNetwork(model, owner.networkId, phase, ordinal, affected);
      case 'backbone':
        return advanceBackbone(model, owner.backboneId, phase, ordinal, affected);
      case 'installation':
        return; // no site trusts a root, or is certified by the management authority
    }
  },
  [RotationPatienceChanged.type]: nothing,
  [RotationPaused.type]: nothing,
  [RotationResumed.type]: nothing,
  [RotationFinished.type]: nothing,
};

function advanceNetwork(
  model: Model,
  networkId: string,
  phase: Advanced['phase'],
  ordinal: number,
  affected: Affected,
): void {
  const network = model.networks.get(networkId);
  if (network?.status !== 'placed') return;
  switch (phase) {
    case 'listeners':
      return; // access points are certified by their backbone
    case 'diallers':
      for (const memberId of network.members) renewSite(model, memberId, affected);
      return;
    case 'retire':
      for (const door of ['claim', 'member'] as const) {
        retire(model, door, networkId, ordinal);
        noteEntrances(model, { door, ownerId: networkId }, 'changed', affected);
      }
  }
}

function advanceBackbone(
  model: Model,
  backboneId: string,
  phase: Advanced['phase'],
  ordinal: number,
  affected: Affected,
): void {
  const backbone = model.backbones.get(backboneId);
  if (!backbone) return;
  switch (phase) {
    case 'listeners':
      for (const siteId of backbone.sites) renewAccessPoints(model, siteId, affected);
      return;
    case 'diallers':
      for (const siteId of backbone.sites) renewSite(model, siteId, affected);
      backbone.manageOrdinal += 1;
      return noteManageCertificate(model, backboneId, 'changed', affected);
    case 'retire':
      retire(model, 'infrastructure', backboneId, ordinal);
      return noteBackbone(model, backboneId, affected);
  }
}

function renewSite(model: Model, siteId: string, affected: Affected): void {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'member' && site?.kind !== 'backbone') return;
  site.ordinal += 1;
  affected.changed(siteId, itemKey('certificate', SITE_CERTIFICATE));
}

function renewAccessPoints(model: Model, siteId: string, affected: Affected): void {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'backbone') return;
  for (const id of site.accessPoints) {
    const accessPoint = model.accessPoints.get(id);
    // One without a host has never had a certificate; its first will be of the new authority.
    if (accessPoint?.certificateHost === undefined) continue;
    accessPoint.ordinal += 1;
    noteCertificate(accessPoint, 'changed', affected);
  }
}
