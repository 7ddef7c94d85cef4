import { Rejection } from '@caravan/event-store';
import type { ReadModels } from '../read-models/read-models.js';
import type { EndpointRow } from './endpoint.projection.js';
import type { Endpoint } from './member.js';

/** A member is named by its path, and only in its own network. */
export async function requireMember(
  readModels: ReadModels,
  { networkId, memberId }: { networkId: string; memberId: string },
): Promise<{ memberId: string }> {
  if (!(await readModels.members.find({ id: memberId, networkId })))
    throw new Rejection('member.unknown', { memberId });
  return { memberId };
}

/** Only what is to change. */
export const endpointChanges = (body: { [P in keyof Endpoint]?: Endpoint[P] | undefined }): Partial<Endpoint> => ({
  ...(body.address !== undefined && { address: body.address }),
  ...(body.host !== undefined && { host: body.host }),
  ...(body.port !== undefined && { port: body.port }),
});

export const endpointResource = ({ createdPosition: _, ...row }: EndpointRow): Omit<EndpointRow, 'createdPosition'> =>
  row;
