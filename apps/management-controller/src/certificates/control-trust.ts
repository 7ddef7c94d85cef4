import { CONTROL_ADDRESS } from '@caravan/data-plane';
import { Rejection } from '@caravan/event-store';
import type { ReadModels } from '../read-models/read-models.js';

/** How a site knows the management NATS server inside `caravan.control`: its name, under the management authority alone. */
export async function controlTrust(readModels: ReadModels): Promise<{ serverName: string; trust: string[] }> {
  const [all, rotations] = await Promise.all([
    readModels.authorities.all({ kind: 'management' }),
    readModels.rotations.all({ ownerKind: 'installation' }),
  ]);
  // From there on the ones before prove nothing.
  const over = rotations.filter(({ phase, status }) => phase === 'retire' || status === 'finished');
  const least = Math.max(0, ...over.map(({ ordinal }) => ordinal));
  const authorities = all.filter(({ ordinal }) => ordinal >= least);
  if (authorities.length === 0) {
    const detail = 'No root authority is established yet; cert-service establishes it at its first start.';
    throw new Rejection('root.awaiting-root', { detail });
  }
  return { serverName: CONTROL_ADDRESS, trust: authorities.map(({ certificate }) => certificate) };
}
