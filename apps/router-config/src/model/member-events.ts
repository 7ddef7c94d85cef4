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
import { renewSite } from './renewals.js';
import type { Endpoint, MemberSite, Model } from './model.js';

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
  [MemberRemoved.type](model, { memberId }, affected) {
    removeMember(model, memberId, affected);
  },

  [ListenerOpened.type](model, { memberId, listenerId, ...listener }, affected) {
    open(memberOf(model, memberId), 'listener', listenerId, listener, affected);
  },
  [ListenerChanged.type](model, { memberId, listenerId, ...listener }, affected) {
    change(memberOf(model, memberId), 'listener', listenerId, listener, affected);
  },
  [ListenerClosed.type](model, { memberId, listenerId }, affected) {
    close(memberOf(model, memberId), 'listener', listenerId, affected);
  },

  [ConnectorOpened.type](model, { memberId, connectorId, ...connector }, affected) {
    open(memberOf(model, memberId), 'connector', connectorId, connector, affected);
  },
  [ConnectorChanged.type](model, { memberId, connectorId, ...connector }, affected) {
    change(memberOf(model, memberId), 'connector', connectorId, connector, affected);
  },
  [ConnectorClosed.type](model, { memberId, connectorId }, affected) {
    close(memberOf(model, memberId), 'connector', connectorId, affected);
  },
};

type EndpointKind = 'listener' | 'connector';

const memberOf = (model: Model, memberId: string): MemberSite | undefined => {
  const site = model.sites.get(memberId);
  return site?.kind === 'member' ? site : undefined;
};

const endpointsOf = (member: MemberSite, kind: EndpointKind): Map<string, Endpoint> =>
  kind === 'listener' ? member.listeners : member.connectors;

function open(member: MemberSite | undefined, kind: EndpointKind, id: string, endpoint: Endpoint, affected: Affected) {
  if (!member || endpointsOf(member, kind).has(id)) return;
  const { address, host, port } = endpoint;
  endpointsOf(member, kind).set(id, { address, host, port });
  affected.changed(member.id, itemKey(kind, id));
}

function change(
  member: MemberSite | undefined,
  kind: EndpointKind,
  id: string,
  endpoint: Endpoint,
  affected: Affected,
) {
  if (!member?.[kind === 'listener' ? 'listeners' : 'connectors'].delete(id)) return;
  open(member, kind, id, endpoint, affected);
}

function close(member: MemberSite | undefined, kind: EndpointKind, id: string, affected: Affected) {
  if (member && endpointsOf(member, kind).delete(id)) affected.gone(member.id, itemKey(kind, id));
}

export function removeMember(model: Model, memberId: string, affected: Affected): void {
  const member = memberOf(model, memberId);
  if (!member) return;
  const { id, networkId, accessPoints } = member;
  for (const accessPoint of accessPoints) model.accessPoints.get(accessPoint)?.dialledBy.members.delete(id);
  model.sites.set(id, { kind: 'removed', id });
  affected.removed(id);
  const network = model.networks.get(networkId);
  if (!network) return;
  network.members.delete(id);
  denyHolder(model, network.deniedMembers, id);
  if (network.status === 'placed') noteEntrances(model, { door: 'member', ownerId: networkId }, 'changed', affected);
}
