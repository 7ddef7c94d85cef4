import type { NetworkEvent } from '@caravan/events';
import type { NetworkEntry } from './entries.js';
import type { Register } from './register.js';

type Networks = Pick<Register<NetworkEntry>, 'peek' | 'set' | 'delete'>;
type Times = NetworkEntry['certified'];

/** What becomes of the networks that there are. */
export function applyToNetworks(networks: Networks, { type, data }: NetworkEvent): void {
  switch (type) {
    case 'NetworkCreated':
      networks.set(data.networkId, { ...timesOf(data), certified: timesOf(data) });
      return;
    case 'NetworkRescheduled':
      return change(networks, data.networkId, timesOf(data));
    case 'NetworkSuspended':
    case 'NetworkResumed':
      return change(networks, data.networkId, { suspended: type === 'NetworkSuspended' });
    case 'NetworkDeleted':
    case 'NetworkRevoked':
      networks.delete(data.networkId);
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

const timesOf = ({ startsAt, endsAt }: Times): Times => ({ startsAt, endsAt });
