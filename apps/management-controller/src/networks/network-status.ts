import type { Network } from '@caravan/api';
import { assertNever } from '@caravan/event-store';
import type { NetworkRow } from './network.projection.js';
import { phaseOf } from './window.js';

type Facts = Pick<
  NetworkRow,
  'startsAt' | 'endsAt' | 'claimReady' | 'memberReady' | 'suspendedAt' | 'endedAt' | 'revokedAt' | 'deletedAt'
>;

/**
 * How a network is at `now`. One that is over has ended, whether or not it ever had authorities: none are made for it any more,
 * so it would be establishing for ever. `isShut`: every relay has said that it lets nobody in any more.
 */
export function statusOf(network: Facts, now: Date, isShut: boolean): Network['status'] {
  if (network.revokedAt !== null) return 'evicted';
  if (network.deletedAt !== null) return 'deleted';
  const phase = phaseOf(network, now);
  if (phase === 'ended') return isShut ? 'ended' : 'ending';
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
