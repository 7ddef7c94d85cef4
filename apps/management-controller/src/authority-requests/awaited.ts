import { Rejection } from '@caravan/event-store';
import type { ReadModels } from '../read-models/read-models.js';

/** Whose authority is to sign: a backbone's, or a network's on one. */
export interface SignedFor {
  readonly backboneId: string;
  readonly networkId?: string;
}

/**
 * Refuses what would wait until somebody has signed an authority, which may take days: cert-service keeps few requests waiting, and they
 * would stand in the way of everybody else's.
 *
 * @throws Rejection `authority.awaiting-certificate`
 */
export async function requireSignedAuthority(
  { authorityRequests }: Pick<ReadModels, 'authorityRequests'>,
  { backboneId, networkId }: SignedFor,
): Promise<void> {
  const ofNetwork = networkId && (await authorityRequests.find({ kind: 'network', networkId, ordinal: 1 }));
  const request = ofNetwork ?? (await authorityRequests.find({ kind: 'backbone', backboneId, ordinal: 1 }));
  if (!request || request.status === 'established') return;
  const { kind, issuer } = request;
  const detail = `The authority of the ${kind} is signed elsewhere (${issuer}), and was not yet. Ask again once it is; caravan get authority-requests says what is awaited.`;
  throw new Rejection('authority.awaiting-certificate', { detail, authorityId: request.id });
}
