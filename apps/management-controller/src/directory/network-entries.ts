import type { NetworkEvent } from '@caravan/events';
import type { NetworkEntry } from './entries.js';
import type { Register } from './register.js';

type Networks = Pick<Register<NetworkEntry>, 'peek' | 'set' | 'delete'>;
type Times = NetworkEntry['certified'];
interface Registers {
  readonly networks: Networks;
  readonly leaving: Set<string>;
}

/** What becomes of the networks that there are, and of those that are taken apart. */
export function applyToNetworks({ networks, leaving }: Registers, { type, data }: NetworkEvent, at: string): void {
  switch (type) {
    case 'NetworkCreated':
      networks.set(data.networkId, { ...termOf(data), certified: timesOf(data) });
      return;
    case 'NetworkRescheduled':
      return change(networks, data.networkId, termOf(data));
    case 'NetworkSuspended':
    case 'NetworkResumed':
      return change(networks, data.networkId, { suspended: type === 'NetworkSuspended' });
    case 'NetworkEnded':
      return change(networks, data.networkId, { endedAt: at });
    case 'NetworkDeletionBegun':
    case 'NetworkRevoked':
      networks.delete(data.networkId);
      leaving.add(data.networkId);
      return;
    case 'NetworkDeleted':
      networks.delete(data.networkId);
      leaving.delete(data.networkId);
      return;
    default:
      return; // site classes and invitations have nothing to do with who is let in
  }
}

/** Its authorities are being made for these times. */
export const certify = (networks: Networks, networkId: string, times: Times): void =>
  change(networks, networkId, { certified: timesOf(times) });

function change(networks: Networks, networkId: string, what: Partial<NetworkEntry>): void {
  const network = networks.peek(networkId);
  if (network) networks.set(networkId, { ...network, ...what });
}

/** What is revoked is gone at once, whatever its own stream says of that later on. Of one that ended it is still known that it did. */
export function revokeNetwork(networks: Networks, networkId: string): void {
  if (!networks.peek(networkId)?.endedAt) networks.delete(networkId);
}

const termOf = ({ deleteAfterSeconds, ...times }: Times & Pick<NetworkEntry, 'deleteAfterSeconds'>) => ({
  ...timesOf(times),
  deleteAfterSeconds,
});
const timesOf = ({ startsAt, endsAt }: Times): Times => ({ startsAt, endsAt });
