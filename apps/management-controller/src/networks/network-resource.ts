import type { Network } from '@caravan/api';
import type { NetworkRow } from './network.projection.js';
import { statusOf } from './network-status.js';

/** Certificates know whole seconds (RFC 5280, 4.1.2.5): a network that starts within one would be rounded out of itself. */
export const wholeSecond = (time: Date): string => new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();

export const resource = (network: NetworkRow, now: Date): Network => {
  const { createdPosition: _, claimReady: _claim, memberReady: _member, ...more } = network;
  const { suspendedAt: _suspended, revokedAt: _revoked, ...row } = more;
  return { ...row, status: statusOf(network, now) };
};
