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
export const endpointChanges = <Tls>(
  body: { [P in keyof Endpoint]?: Endpoint[P] | undefined } & { readonly tls?: Tls | undefined },
): Partial<Endpoint> & { readonly tls?: Tls } => ({
  ...(body.address !== undefined && { address: body.address }),
  ...(body.host !== undefined && { host: body.host }),
  ...(body.port !== undefined && { port: body.port }),
  ...(body.tls !== undefined && { tls: body.tls }),
});

/** Of a new one; null is none. */
export const newEndpoint = <Tls>({ tls, ...at }: Endpoint & { readonly tls: Tls | null }) => ({
  ...at,
  ...(tls !== null && { tls }),
});

export const endpointResource = <Tls>({
  createdPosition: _,
  ...row
}: EndpointRow<Tls>): Omit<EndpointRow<Tls>, 'createdPosition'> => row;
