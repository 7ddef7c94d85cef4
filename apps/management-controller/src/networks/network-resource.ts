import type { Network } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { In } from 'typeorm';
import type { ReadModels } from '../read-models/read-models.js';
import type { NetworkRow } from './network.projection.js';
import { statusOf } from './network-status.js';

type Models = Pick<ReadModels, 'networks' | 'revocations'>;

/** Certificates know whole seconds (RFC 5280, 4.1.2.5): a network that starts within one would be rounded out of itself. */
export const wholeSecond = (time: Date): string => new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();

/** The row of a network that is there. @throws Rejection `network.unknown`, also when it was deleted */
export async function requireNetwork(
  { networks }: Pick<ReadModels, 'networks'>,
  networkId: string,
): Promise<NetworkRow> {
  const row = await networks.find({ id: networkId });
  if (!row || row.deletedAt !== null) throw new Rejection('network.unknown', { networkId });
  return row;
}

/** One network, also when nothing else is left of it. @throws Rejection `network.unknown` */
export async function readNetwork(models: Models, networkId: string, now: Date): Promise<Network> {
  const row = await models.networks.find({ id: networkId });
  if (!row) throw new Rejection('network.unknown', { networkId });
  const [resource] = await resourcesOf(models, [row], now);
  return resource!;
}

export async function resourcesOf(
  { revocations }: Pick<Models, 'revocations'>,
  rows: readonly NetworkRow[],
  now: Date,
): Promise<Network[]> {
  const closed = rows.flatMap(({ id, endedAt }) => (endedAt === null ? [] : [id]));
  const enforced =
    closed.length === 0
      ? []
      : await revocations.all({ targetKind: 'network', targetId: In(closed), status: 'enforced' });
  const shut = new Set(enforced.map(({ targetId }) => targetId));
  return rows.map((network) => resource(network, now, shut.has(network.id)));
}

const resource = (network: NetworkRow, now: Date, isShut: boolean): Network => {
  const { createdPosition: _, claimReady: _claim, memberReady: _member, ...more } = network;
  const { suspendedAt: _suspended, revokedAt: _revoked, endedAt: _ended, ...row } = more;
  return { ...row, status: statusOf(network, now, isShut) };
};
