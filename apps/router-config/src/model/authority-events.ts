import {
  AuthorityCertificateBrought,
  AuthorityEstablished,
  AuthorityRequested,
  CertificateIssued,
  CertificateRefused,
} from '@caravan/events';
import type {
  AuthorityCertificateEvent,
  AuthorityEvent,
  AuthorityRequestEvent,
  CertificateEvent,
} from '@caravan/events';
import type { Affected } from './affected.js';
import { establish, INSTALLATION } from './anchors.js';
import { noteControlEverywhere } from './control.js';
import { noteDiallers } from './diallers.js';
import { noteEntrances } from './entrances.js';
import { certifiedUntil } from './denials.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import type { Model } from './model.js';

type TrustEvent = AuthorityEvent | AuthorityRequestEvent | AuthorityCertificateEvent | CertificateEvent;

export const onTrust: HandlersOf<TrustEvent> = {
  // Nobody trusts an authority before it is established.
  [AuthorityRequested.type]: nothing,
  [AuthorityCertificateBrought.type]: nothing,
  [AuthorityEstablished.type](model, data, affected) {
    const { kind, backboneId, networkId, authorityId, ordinal, certificate } = data;
    const anchor = { authorityId, ordinal, certificate };
    switch (kind) {
      case 'infrastructure':
        if (backboneId === null) return;
        establish(model, kind, backboneId, anchor);
        return noteBackbone(model, backboneId, affected);
      case 'claim':
      case 'member':
        if (networkId === null) return;
        establish(model, kind, networkId, anchor);
        if (model.networks.get(networkId)?.status !== 'placed') return;
        return noteEntrances(model, { door: kind, ownerId: networkId }, 'changed', affected);
      case 'management':
        if (backboneId !== null || networkId !== null) return;
        // No door trusts it: it is what the management plane is known by.
        establish(model, kind, INSTALLATION, anchor);
        return noteControlEverywhere(model, affected);
      // They sign authorities; a site that trusted one of them would admit everybody beneath it.
      case 'root':
      case 'backbone':
      case 'network':
        return;
    }
  },
  // Sites ask for the certificates that their items name; that one was signed changes no item. But it outlives its holder.
  [CertificateIssued.type](model, { holder, notAfter }) {
    switch (holder.kind) {
      case 'member':
        return certifiedUntil(model, holder.memberId, Date.parse(notAfter));
      case 'backbone-site':
      case 'bootstrap':
        return certifiedUntil(model, holder.siteId, Date.parse(notAfter));
      case 'access-point':
      case 'claim':
      case 'manage-link':
      case 'nats-server':
      case 'api-server':
      case 'service':
      case 'management-site':
      case 'administrator':
        return; // no door denies them by their name
    }
  },
  [CertificateRefused.type]: nothing,
};

/** An infrastructure authority is trusted by every peer of the backbone and by whoever dials one of its access points. */
export function noteBackbone(model: Model, backboneId: string, affected: Affected): void {
  for (const door of ['peer', 'bootstrap', 'manage'] as const) {
    noteEntrances(model, { door, ownerId: backboneId }, 'changed', affected);
  }
  for (const siteId of model.backbones.get(backboneId)?.sites ?? []) {
    const site = model.sites.get(siteId);
    if (site?.kind !== 'backbone') continue;
    for (const id of site.accessPoints) {
      const accessPoint = model.accessPoints.get(id);
      if (accessPoint?.address) noteDiallers(model, accessPoint, 'changed', affected);
    }
  }
}
