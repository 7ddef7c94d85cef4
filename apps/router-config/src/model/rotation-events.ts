import {
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
} from '@caravan/events';
import type { EventOf, RotationEvent } from '@caravan/events';
import type { Affected } from './affected.js';
import { INSTALLATION, retire } from './anchors.js';
import { noteBackbone } from './authority-events.js';
import { noteControlEverywhere } from './control.js';
import { noteEntrances } from './entrances.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import type { AccessPoint, Model } from './model.js';
import { renewAccessPoint, renewManageLinks, renewSite } from './renewals.js';

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
        return advanceInstallation(model, phase, ordinal, affected);
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
      for (const memberId of network.members) renewSite(model, memberId, 'next', affected);
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
      for (const siteId of backbone.sites) {
        for (const accessPoint of accessPointsOf(model, siteId)) renewAccessPoint(accessPoint, 'next', affected);
      }
      return;
    case 'diallers':
      for (const siteId of backbone.sites) renewSite(model, siteId, 'next', affected);
      return renewManageLinks(model, backboneId, 'next', affected);
    case 'retire':
      retire(model, 'infrastructure', backboneId, ordinal);
      return noteBackbone(model, backboneId, affected);
  }
}

/** No site trusts a root. The management plane's own are certified by its authority, and everybody knows it by that. */
function advanceInstallation(model: Model, phase: Advanced['phase'], ordinal: number, affected: Affected): void {
  switch (phase) {
    case 'listeners':
      return; // nats-server is no site
    case 'diallers':
      for (const siteId of model.managementSites) renewSite(model, siteId, 'next', affected);
      return;
    case 'retire':
      retire(model, 'management', INSTALLATION, ordinal);
      return noteControlEverywhere(model, affected);
  }
}

function accessPointsOf(model: Model, siteId: string): AccessPoint[] {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'backbone') return [];
  return [...site.accessPoints].flatMap((id) => model.accessPoints.get(id) ?? []);
}
