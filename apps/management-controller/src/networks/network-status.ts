import type { Network } from '@caravan/api';
import { assertNever } from '@caravan/event-store';
import type { NetworkRow } from './network.projection.js';
import { phaseOf } from './window.js';

type Facts = Pick<NetworkRow, 'startsAt' | 'endsAt' | 'claimReady' | 'memberReady' | 'suspendedAt' | 'revokedAt'>;

/**
 * How a network is at `now`. One that is over has ended, whether or not it ever had authorities: none are made for it any more,
 * so it would be establishing for ever.
 */
export function statusOf(network: Facts, now: Date): Network['status'] {
  if (network.revokedAt !== null) return 'revoked';
  const phase = phaseOf(network, now);
  if (phase === 'ended') return 'ended';
  if (network.suspendedAt !== null) return 'suspended';
  if (!network.claimReady || !network.memberReady) return 'establishing';
  switch (phase) {
    case 'not-started':
      return 'scheduled';
    case 'open':
      return 'active';
    default:
      return assertNever(phase);
  }
}
