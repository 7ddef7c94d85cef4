import type { TLSSocket } from 'node:tls';
import type { AccessPointItem, AdmissionItem } from '@caravan/data-plane';
import { doorNamedBy } from '@caravan/data-plane';
import type { Line, LineInit } from '../links/line.js';
import { acceptedRole, facetOf } from '../links/facet.js';
import type { Doors } from './doors.js';
import { judgeIdentity } from './identity.js';
import type { Verdict } from './identity.js';
import type { Peer } from './peer.js';
import { everTrusted, isRevoked, isTrusted, peerOf } from './peer.js';
import { pinnedAs } from './pins.js';
import { Shut } from './shut.js';

export type Admitted = Omit<LineInit, 'cost' | 'token'>;
export interface Dropped {
  readonly code: string;
  readonly detail: string;
}

const dropped = (code: string, detail: string): Dropped => ({ code, detail });

/**
 * Judges a finished handshake. OpenSSL has verified the chain against the trust of its context; it is verified again against
 * the trust of this moment, for a configuration may have come while the handshake was under way.
 */
export function admit(socket: TLSSocket, { id, access }: AccessPointItem, doors: Doors, now: Date): Admitted | Dropped {
  const name = (socket as TLSSocket & { servername?: string | false }).servername;
  if (typeof name !== 'string') return dropped('door.unnamed', 'the handshake names no server');
  const { serverName } = doorNamedBy(name);
  const entrance = doors.find(access, serverName, now.getTime());
  if (entrance.status !== 'open') return new Shut(entrance.status, access, serverName);
  const door = entrance.admission;
  // With tickets off this cannot happen; a resumed session would show no certificate of this connection.
  if (socket.isSessionReused()) return dropped('session.resumed', 'sessions are not resumed');
  const peer = peerOf(socket);
  if (!peer) return dropped('certificate.none', 'no certificate, or one that cannot be read');
  const verdict = judge(peer, door, door.trust, now);
  if (!verdict.admitted) return verdict;
  const role = acceptedRole(socket.alpnProtocol);
  if (!role || !facetOf('accepted', door.reach).roles.includes(role)) {
    return dropped('protocol.not-permitted', `${String(socket.alpnProtocol)} is not spoken over such a link`);
  }
  const { reach } = door;
  return {
    socket,
    role,
    direction: 'accepted',
    access,
    itemId: id,
    serverName,
    reach,
    peer,
    identity: verdict.identity,
    isPinned: verdict.isPinned,
  };
}

/** Why a line that was admitted may not stay; undefined when it may. Judged anew after every configuration. */
export function expulsion(
  { init }: Pick<Line, 'init'>,
  accessPoints: ReadonlyMap<string, AccessPointItem>,
  doors: Doors,
  now: Date,
): Dropped | undefined {
  const { itemId, access, serverName, reach, peer, identity, isPinned } = init;
  if (accessPoints.get(itemId)?.access !== access)
    return dropped('access-point.removed', 'its access point was removed');
  const entrance = doors.find(access, serverName, now.getTime());
  if (entrance.status === 'unknown') return dropped('door.removed', `${serverName} is no ${access} door any more`);
  if (entrance.status !== 'open') return new Shut(entrance.status, access, serverName);
  const door = entrance.admission;
  if (JSON.stringify(door.reach) !== JSON.stringify(reach)) return dropped('door.changed', 'its reach has changed');
  // What retired admits nobody, and puts nobody out.
  const verdict = isPinned ? judgeIdentity(door, [identity ?? '']) : judge(peer, door, everTrusted(door), now);
  return verdict.admitted ? undefined : verdict;
}

type Judged =
  (Extract<Verdict, { admitted: true }> & { readonly isPinned: boolean }) | Exclude<Verdict, { admitted: true }>;

function judge(
  peer: Peer,
  door: AdmissionItem,
  trust: readonly string[],
  now: Date,
): Judged | (Dropped & { admitted: false }) {
  const pinned = pinnedAs(peer, door);
  if (pinned !== undefined) return as(judgeIdentity(door, [pinned]), true);
  if (!isTrusted(peer, trust, now, 'client')) {
    return { admitted: false, ...dropped('trust.none', 'its chain does not lead to what this door trusts') };
  }
  if (isRevoked(peer, door))
    return { admitted: false, ...dropped('certificate.revoked', 'its certificate was revoked') };
  return as(judgeIdentity(door, peer.uris), false);
}

const as = (verdict: Verdict, isPinned: boolean): Judged => (verdict.admitted ? { ...verdict, isPinned } : verdict);
