import type { Certificate } from '@caravan/api';
import { In } from 'typeorm';
import type { ReadModels } from '../read-models/read-models.js';
import type { CertificateRow } from './certificate.projection.js';

/** What each of these certificates is good for now: a few questions for all of them together. */
export async function phasesOf(
  rows: readonly CertificateRow[],
  models: ReadModels,
  now: Date,
): Promise<ReadonlyMap<string, Certificate['phase']>> {
  const { authorities, certificates, revocations } = models;
  const holders = [...new Set(rows.map(({ holderId }) => holderId))];
  const issuers = await authorities.all({ id: In([...new Set(rows.map(({ issuerId }) => issuerId))]) });
  const networkOf = new Map(issuers.flatMap(({ id, networkId }) => (networkId === null ? [] : [[id, networkId]])));
  const targets = [...rows.map(({ id }) => id), ...holders.filter((id) => UUID.test(id)), ...networkOf.values()];
  const [ofHolders, revoked, gone] = await Promise.all([
    certificates.all({ holderId: In(holders) }),
    revocations.all({ targetId: In(targets) }),
    goneOf(rows, models),
  ]);
  const newest = new Map<string, number>();
  for (const row of ofHolders) newest.set(holding(row), Math.max(newest.get(holding(row)) ?? 0, row.ordinal));
  const taken = new Set(revoked.map(({ targetId }) => targetId));
  const phase = (row: CertificateRow): Certificate['phase'] => {
    if ([row.id, row.holderId, networkOf.get(row.issuerId)].some((of) => of && taken.has(of))) return 'revoked';
    if (Date.parse(row.notAfter) <= now.getTime()) return 'expired';
    if (gone.has(row.holderId)) return 'removed';
    return row.ordinal < (newest.get(holding(row)) ?? 0) ? 'superseded' : 'current';
  };
  return new Map(rows.map((row) => [row.id, phase(row)]));
}

/** Holders of whom nothing is left but certificates. Those of the management plane itself stay for as long as it does. */
async function goneOf(rows: readonly CertificateRow[], models: ReadModels): Promise<ReadonlySet<string>> {
  const { members, backboneSites, accessPoints, invitations } = models;
  const registers = [
    { kinds: ['member'], there: (ids: string[]) => members.all({ id: In(ids) }) },
    { kinds: ['backbone-site', 'bootstrap'], there: (ids: string[]) => backboneSites.all({ id: In(ids) }) },
    { kinds: ['access-point'], there: (ids: string[]) => accessPoints.all({ id: In(ids) }) },
    { kinds: ['claim'], there: (ids: string[]) => invitations.all({ id: In(ids) }) },
  ];
  const gone = registers.map(async ({ kinds, there }) => {
    const ids = new Set(rows.filter(({ holderKind }) => kinds.includes(holderKind)).map(({ holderId }) => holderId));
    if (ids.size > 0) for (const { id } of await there([...ids])) ids.delete(id);
    return [...ids];
  });
  return new Set((await Promise.all(gone)).flat());
}

/** A site holds several: what it is itself, one for each access point. */
const holding = ({ holderKind, holderId, identity }: CertificateRow): string => `${holderKind} ${holderId} ${identity}`;

/** Services are called by a name. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
