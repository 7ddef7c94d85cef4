import type { Network } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import type { ReadModels } from '../read-models/read-models.js';
import type { NetworkRow } from './network.projection.js';
import { statusOf } from './network-status.js';

/** Certificates know whole seconds (RFC 5280, 4.1.2.5): a network that starts within one would be rounded out of itself. */
export const wholeSecond = (time: Date): string => new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();

/** One network. @throws Rejection `network.unknown` */
export async function readNetwork(
  { networks }: Pick<ReadModels, 'networks'>,
  networkId: string,
  now: Date,
): Promise<Network> {
  const row = await networks.find({ id: networkId });
  if (!row) throw new Rejection('network.unknown', { networkId });
  return resource(row, now);
}

export const resource = (network: NetworkRow, now: Date): Network => {
  const { createdPosition: _, claimReady: _claim, memberReady: _member, ...more } = network;
  const { suspendedAt: _suspended, revokedAt: _revoked, ...row } = more;
  return { ...row, status: statusOf(network, now) };
};
