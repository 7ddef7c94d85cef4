import { isDeepStrictEqual } from 'node:util';
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
import type { ConnectorTls, EventOf, LinkCertificate, ListenerTls, MemberEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';
import { CONTROL_ADDRESS } from '@caravan/data-plane';

export interface Endpoint {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}
export interface ListenerEndpoint extends Endpoint {
  readonly tls?: ListenerTls;
}
export interface ConnectorEndpoint extends Endpoint {
  readonly tls?: ConnectorTls;
}
/** Of TLS null is none; what is not there stays as it is. */
type Changes<T extends { tls?: unknown }> = Partial<Endpoint> & { readonly tls?: T['tls'] | null };
export interface ActiveMember {
  readonly status: 'active';
  readonly memberId: string;
  readonly networkId: string;
  readonly invitationId: string;
  readonly name: string;
  readonly certificateId: string;
  /** The highest ordinal of its certificate that somebody wanted. */
  readonly due: number;
  /** The last request for a certificate after the first. */
  readonly renewal: { readonly ordinal: number; readonly claimantKey: string } | undefined;
  readonly listeners: Map<string, ListenerEndpoint>;
  readonly connectors: Map<string, ConnectorEndpoint>;
  /** What its operator supplies for its links. */
  readonly linkCertificates: readonly LinkCertificate[];
}
export type MemberState =
  { readonly status: 'unknown' } | ActiveMember | { readonly status: 'removed'; readonly memberId: string };

interface OfMember {
  readonly memberId: string;
}
type ListenerId = { readonly listenerId: string };
type ConnectorId = { readonly connectorId: string };
export type MemberCommand =
  | (Command<'AdmitMember'> & OfMember & { readonly admission: EventOf<typeof MemberAdmitted>['data'] })
  | (Command<'RemoveMember'> & OfMember & { readonly networkId: string })
  | (Command<'RequireMemberCertificate'> & OfMember & { readonly ordinal: number })
  | (Command<'RequestMemberCertificate'> &
      OfMember & {
        readonly certificateId: string;
        readonly ordinal: number;
        readonly claimantKey: string;
        readonly csr: string;
      })
  | (Command<'SupplyMemberLinkCertificates'> & OfMember & { readonly linkCertificates: readonly LinkCertificate[] })
  | (Command<'OpenListener'> & OfMember & ListenerId & ListenerEndpoint)
  | (Command<'ChangeListener'> & OfMember & ListenerId & Changes<ListenerEndpoint>)
  | (Command<'CloseListener'> & OfMember & ListenerId)
  | (Command<'OpenConnector'> & OfMember & ConnectorId & ConnectorEndpoint)
  | (Command<'ChangeConnector'> & OfMember & ConnectorId & Changes<ConnectorEndpoint>)
  | (Command<'CloseConnector'> & OfMember & ConnectorId);

/** Of each kind at one site: a removal closes all of them in one commit, and a commit holds 100 events. */
const MOST_ENDPOINTS = 48;

/** A member site decides its listeners and connectors. */
export const member: Decider<MemberState, MemberCommand, MemberEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { memberId } = command;
    if (command.type === 'AdmitMember') return state.status === 'unknown' ? [MemberAdmitted(command.admission)] : [];
    if (state.status !== 'active') throw new Rejection('member.unknown', { memberId });
    const { networkId, invitationId, listeners, connectors } = state;
    switch (command.type) {
      case 'RemoveMember':
        // Named by its path, and only in its own network.
        if (command.networkId !== networkId) throw new Rejection('member.unknown', { memberId });
        // Whatever the member itself opened goes with it: else it could hold off its removal by opening more.
        return [
          ...[...listeners.keys()].map((listenerId) => ListenerClosed({ memberId, listenerId })),
          ...[...connectors.keys()].map((connectorId) => ConnectorClosed({ memberId, connectorId })),
          MemberRemoved({ memberId, networkId, invitationId }),
        ];
      case 'RequireMemberCertificate': {
        const { ordinal } = command;
        return ordinal <= state.due ? [] : [MemberCertificateDue({ memberId, networkId, ordinal })];
      }
      case 'RequestMemberCertificate': {
        const { certificateId, ordinal, claimantKey, csr } = command;
        const { renewal } = state;
        if (renewal?.ordinal === ordinal && renewal.claimantKey === claimantKey) return [];
        return [MemberCertificateRequested({ memberId, networkId, certificateId, ordinal, claimantKey, csr })];
      }
      case 'SupplyMemberLinkCertificates': {
        const linkCertificates = [...command.linkCertificates];
        if (isDeepStrictEqual(linkCertificates, state.linkCertificates)) return [];
        return [MemberLinkCertificatesSupplied({ memberId, networkId, linkCertificates })];
      }
      case 'OpenListener': {
        const { listenerId } = command;
        if (listeners.has(listenerId)) return [];
        if (listeners.size >= MOST_ENDPOINTS) throw new Rejection('listener.too-many', { most: MOST_ENDPOINTS });
        const opened = endpointOf(command);
        requireFreePort(opened, listenerId, listeners);
        return [ListenerOpened({ memberId, networkId, listenerId, ...opened })];
      }
      case 'ChangeListener': {
        const { listenerId } = command;
        const now = requireEndpoint(listeners, listenerId, 'listener');
        const changed = withChanges(now, command);
        requireFreePort(changed, listenerId, listeners);
        return isDeepStrictEqual(now, changed) ? [] : [ListenerChanged({ memberId, listenerId, ...changed })];
      }
      case 'CloseListener':
        requireEndpoint(listeners, command.listenerId, 'listener');
        return [ListenerClosed({ memberId, listenerId: command.listenerId })];
      case 'OpenConnector': {
        const { connectorId } = command;
        if (connectors.has(connectorId)) return [];
        if (connectors.size >= MOST_ENDPOINTS) throw new Rejection('connector.too-many', { most: MOST_ENDPOINTS });
        const opened = endpointOf(command);
        requireNewConnector(opened, connectorId, connectors);
        return [ConnectorOpened({ memberId, networkId, connectorId, ...opened })];
      }
      case 'ChangeConnector': {
        const { connectorId } = command;
        const now = requireEndpoint(connectors, connectorId, 'connector');
        const changed = withChanges(now, command);
        requireNewConnector(changed, connectorId, connectors);
        return isDeepStrictEqual(now, changed) ? [] : [ConnectorChanged({ memberId, connectorId, ...changed })];
      }
      case 'CloseConnector':
        requireEndpoint(connectors, command.connectorId, 'connector');
        return [ConnectorClosed({ memberId, connectorId: command.connectorId })];
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'MemberAdmitted') {
      const { memberId, networkId, invitationId, name, certificateId } = event.data;
      const empty = {
        listeners: new Map<string, ListenerEndpoint>(),
        connectors: new Map<string, ConnectorEndpoint>(),
      };
      const about = {
        memberId,
        networkId,
        invitationId,
        name,
        certificateId,
        due: 1,
        renewal: undefined,
        linkCertificates: [],
      };
      return { status: 'active', ...about, ...empty };
    }
    if (state.status !== 'active') return state;
    switch (event.type) {
      case 'MemberRemoved':
        return { status: 'removed', memberId: state.memberId };
      case 'MemberCertificateDue':
        return { ...state, due: event.data.ordinal };
      case 'MemberCertificateRequested': {
        const { ordinal, claimantKey } = event.data;
        return { ...state, renewal: { ordinal, claimantKey } };
      }
      case 'MemberLinkCertificatesSupplied':
        return { ...state, linkCertificates: event.data.linkCertificates };
      case 'ListenerOpened':
      case 'ListenerChanged':
        state.listeners.set(event.data.listenerId, endpointOf(event.data));
        return state;
      case 'ListenerClosed':
        state.listeners.delete(event.data.listenerId);
        return state;
      case 'ConnectorOpened':
      case 'ConnectorChanged':
        state.connectors.set(event.data.connectorId, endpointOf(event.data));
        return state;
      case 'ConnectorClosed':
        state.connectors.delete(event.data.connectorId);
        return state;
      default:
        return assertNever(event);
    }
  },
};

const endpointOf = <Tls>({ address, host, port, tls }: Endpoint & { readonly tls?: Tls | null | undefined }) => ({
  ...{ address, host, port },
  ...(tls && { tls }),
});
const same = (one: Endpoint, other: Endpoint): boolean =>
  one.address === other.address && one.host === other.host && one.port === other.port;
const withChanges = <Tls>(
  now: Endpoint & { readonly tls?: Tls },
  { address, host, port, tls }: Partial<Endpoint> & { readonly tls?: Tls | null },
) =>
  endpointOf({
    ...{ address: address ?? now.address, host: host ?? now.host, port: port ?? now.port },
    tls: tls === undefined ? now.tls : tls,
  });

function requireEndpoint<T extends Endpoint>(
  endpoints: ReadonlyMap<string, T>,
  id: string,
  kind: 'listener' | 'connector',
): T {
  const endpoint = endpoints.get(id);
  if (!endpoint) throw new Rejection(`${kind}.unknown`, { [`${kind}Id`]: id });
  return endpoint;
}

/** Two listeners on one host and port could never both be had. */
function requireFreePort(wanted: Endpoint, id: string, listeners: ReadonlyMap<string, Endpoint>): void {
  requireOrdinaryAddress(wanted, 'listener');
  for (const [otherId, other] of listeners) {
    if (otherId !== id && other.port === wanted.port && overlap(other.host, wanted.host)) {
      throw new Rejection('listener.port-taken', { host: wanted.host, port: wanted.port, address: other.address });
    }
  }
}

/** Listening on every address takes the port on each. */
const overlap = (one: string, other: string): boolean => one === other || [one, other].some((host) => EVERY.has(host));
const EVERY = new Set(['0.0.0.0', '::']);

/** The same server twice for one address would only count it twice. */
function requireNewConnector(wanted: Endpoint, id: string, connectors: ReadonlyMap<string, Endpoint>): void {
  requireOrdinaryAddress(wanted, 'connector');
  for (const [otherId, other] of connectors) {
    if (otherId !== id && same(other, wanted)) throw new Rejection('connector.exists-already', { ...wanted });
  }
}

/** Decided here and not only at the API: a site's own commands do not come by there. */
function requireOrdinaryAddress({ address }: Endpoint, kind: 'listener' | 'connector'): void {
  if (address === CONTROL_ADDRESS) throw new Rejection(`${kind}.address-reserved`, { address });
}
