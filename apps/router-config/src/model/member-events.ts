import {
  ConnectorChanged,
  ConnectorClosed,
  ConnectorOpened,
  ListenerChanged,
  ListenerClosed,
  ListenerOpened,
  MemberAdmitted,
  MemberCertificateDue,
  MemberCertificateRequested,
  MemberLinkCertificatesSupplied,
  MemberRemoved,
} from '@caravan/events';
import type { MemberEvent } from '@caravan/events';
import type { Affected } from './affected.js';
import { noteControl } from './control.js';
import { denyHolder } from './denials.js';
import { noteEntrances } from './entrances.js';
import type { HandlersOf } from './handlers.js';
import { itemKey, memberLinkId } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import { pin } from './pins.js';
import { renewSite } from './renewals.js';
import type { Connector, Endpoint, Listener, MemberSite, Model } from './model.js';

export const onMember: HandlersOf<MemberEvent> = {
  [MemberAdmitted.type](model, { memberId, networkId, memberAccessPoints }, affected) {
    const network = model.networks.get(networkId);
    if (!network || model.sites.has(memberId)) return;
    // One that is gone by now never comes back, and one of another backbone or kind is no way in.
    const accessPoints = [...new Set(memberAccessPoints)].filter((id) => {
      const accessPoint = model.accessPoints.get(id);
      return accessPoint?.kind === 'member' && accessPoint.backboneId === network.backboneId;
    });
    const member: MemberSite = {
      kind: 'member',
      id: memberId,
      networkId,
      accessPoints,
      listeners: new Map(),
      connectors: new Map(),
      supplied: new Map(),
      ordinal: FIRST_ORDINAL,
    };
    model.sites.set(memberId, member);
    noteControl(model, memberId, 'changed', affected);
    network.members.add(memberId);
    for (const id of accessPoints) {
      model.accessPoints.get(id)?.dialledBy.members.add(memberId);
      affected.changed(memberId, itemKey('link', memberLinkId(id)));
    }
  },
  [MemberCertificateDue.type](model, { memberId, ordinal }, affected) {
    renewSite(model, memberId, ordinal, affected);
  },
  // A site that asks because of its certificate's age is ahead of what it was told.
  [MemberCertificateRequested.type](model, { memberId, ordinal }, affected) {
    renewSite(model, memberId, ordinal, affected);
  },
  [MemberLinkCertificatesSupplied.type](model, { memberId, linkCertificates }, affected) {
    pin(model, memberId, linkCertificates, affected);
  },
  [MemberRemoved.type](model, { memberId }, affected) {
    removeMember(model, memberId, affected);
  },

  [ListenerOpened.type](model, { memberId, listenerId, ...listener }, affected) {
    open(listenersOf(model, memberId), listenerId, placed(listener), affected);
  },
  [ListenerChanged.type](model, { memberId, listenerId, ...listener }, affected) {
    change(listenersOf(model, memberId), listenerId, placed(listener), affected);
  },
  [ListenerClosed.type](model, { memberId, listenerId }, affected) {
    close(listenersOf(model, memberId), listenerId, affected);
  },

  [ConnectorOpened.type](model, { memberId, connectorId, ...connector }, affected) {
    open(connectorsOf(model, memberId), connectorId, placed(connector), affected);
  },
  [ConnectorChanged.type](model, { memberId, connectorId, ...connector }, affected) {
    change(connectorsOf(model, memberId), connectorId, placed(connector), affected);
  },
  [ConnectorClosed.type](model, { memberId, connectorId }, affected) {
    close(connectorsOf(model, memberId), connectorId, affected);
  },
};

const memberOf = (model: Model, memberId: string): MemberSite | undefined => {
  const site = model.sites.get(memberId);
  return site?.kind === 'member' ? site : undefined;
};

/** What a member opened of a kind, of one that is there. */
interface Opened<T> {
  readonly kind: 'listener' | 'connector';
  readonly siteId: string;
  readonly endpoints: Map<string, T>;
}

function listenersOf(model: Model, memberId: string): Opened<Listener> | undefined {
  const member = memberOf(model, memberId);
  return member && { kind: 'listener', siteId: memberId, endpoints: member.listeners };
}

function connectorsOf(model: Model, memberId: string): Opened<Connector> | undefined {
  const member = memberOf(model, memberId);
  return member && { kind: 'connector', siteId: memberId, endpoints: member.connectors };
}

const placed = <Tls>({ address, host, port, tls }: Endpoint & { readonly tls?: Tls }) => ({
  ...{ address, host, port },
  ...(tls && { tls }),
});

function open<T>(opened: Opened<T> | undefined, id: string, endpoint: T, affected: Affected) {
  if (!opened || opened.endpoints.has(id)) return;
  opened.endpoints.set(id, endpoint);
  affected.changed(opened.siteId, itemKey(opened.kind, id));
}

function change<T>(opened: Opened<T> | undefined, id: string, endpoint: T, affected: Affected) {
  if (opened?.endpoints.delete(id)) open(opened, id, endpoint, affected);
}

function close<T>(opened: Opened<T> | undefined, id: string, affected: Affected) {
  if (opened?.endpoints.delete(id)) affected.gone(opened.siteId, itemKey(opened.kind, id));
}

export function removeMember(model: Model, memberId: string, affected: Affected): void {
  const member = memberOf(model, memberId);
  if (!member) return;
  const { id, networkId, accessPoints } = member;
  pin(model, id, [], affected);
  for (const accessPoint of accessPoints) model.accessPoints.get(accessPoint)?.dialledBy.members.delete(id);
  model.sites.set(id, { kind: 'removed', id });
  affected.removed(id);
  const network = model.networks.get(networkId);
  if (!network) return;
  network.members.delete(id);
  denyHolder(model, network.deniedMembers, id);
  if (network.status === 'placed') noteEntrances(model, { door: 'member', ownerId: networkId }, 'changed', affected);
}
