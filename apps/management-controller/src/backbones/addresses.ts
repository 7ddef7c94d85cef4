import type { ReadModels } from '../read-models/read-models.js';
import type { AccessPointRow } from './access-point.projection.js';

/** Whether others know where to dial it. */
export const hasAddress = ({ host, port }: AccessPointRow): boolean => host !== null && port !== null;

/** For a refusal: which of them nobody knows how to reach, as `east/claim`, and what can always be done. */
export async function addressUnknown({ backboneSites }: ReadModels, of: readonly AccessPointRow[]): Promise<string> {
  if (of.length === 0) return 'none of the access points for that is there any more';
  const names = of.map(async ({ siteId, name }) => {
    const site = await backboneSites.find({ id: siteId });
    return `${site?.name ?? siteId}/${name}`;
  });
  const which = (await Promise.all(names)).join(', ');
  return `no address is known of ${which}. Say with the access point where it is reached (host and port)`;
}
