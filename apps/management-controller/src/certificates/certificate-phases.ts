import type { Certificate } from '@caravan/api';
import { In } from 'typeorm';
import type { ReadModels } from '../read-models/read-models.js';
import type { CertificateRow } from './certificate.projection.js';

/** What each of these certificates is good for now: four questions for all of them together. */
export async function phasesOf(
  rows: readonly CertificateRow[],
  { authorities, certificates, revocations }: Pick<ReadModels, 'authorities' | 'certificates' | 'revocations'>,
  now: Date,
): Promise<ReadonlyMap<string, Certificate['phase']>> {
  const holders = [...new Set(rows.map(({ holderId }) => holderId))];
  const issuers = await authorities.all({ id: In([...new Set(rows.map(({ issuerId }) => issuerId))]) });
  const networkOf = new Map(issuers.flatMap(({ id, networkId }) => (networkId === null ? [] : [[id, networkId]])));
  const targets = [...rows.map(({ id }) => id), ...holders.filter((id) => UUID.test(id)), ...networkOf.values()];
  const [ofHolders, revoked] = await Promise.all([
    certificates.all({ holderId: In(holders) }),
    revocations.all({ targetId: In(targets) }),
  ]);
  const newest = new Map<string, number>();
  for (const row of ofHolders) newest.set(holding(row), Math.max(newest.get(holding(row)) ?? 0, row.ordinal));
  const taken = new Set(revoked.map(({ targetId }) => targetId));
  const phase = (row: CertificateRow): Certificate['phase'] => {
    if ([row.id, row.holderId, networkOf.get(row.issuerId)].some((of) => of && taken.has(of))) return 'revoked';
    if (Date.parse(row.notAfter) <= now.getTime()) return 'expired';
    return row.ordinal < (newest.get(holding(row)) ?? 0) ? 'superseded' : 'current';
  };
  return new Map(rows.map((row) => [row.id, phase(row)]));
}

/** A site holds several: what it is itself, one for each access point. */
const holding = ({ holderKind, holderId, identity }: CertificateRow): string => `${holderKind} ${holderId} ${identity}`;

/** Services are called by a name. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
