import type { ReadModels } from '../read-models/read-models.js';
import type { AccessPointRow } from './access-point.projection.js';

/** Bound to these it is reached at any address of its machine, of which they name none. */
export const anyHost: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** What can always be done; and what else can, where its site runs. */
export const SAY_WHERE = 'Say with the access point where it is reached (host and port)';
export const HOW_TO_ADDRESS = `${SAY_WHERE}, or start its site with SITE_HOST and let it listen on a port that you choose`;

/** Whether others know where to dial it. */
export const hasAddress = ({ host, port }: AccessPointRow): boolean => host !== null && port !== null;

/** For a refusal: which of them nobody knows how to reach, as `east/claim`. */
export async function addressUnknown({ backboneSites }: ReadModels, of: readonly AccessPointRow[]): Promise<string> {
  if (of.length === 0) return 'none of the access points for that is there any more';
  const names = of.map(async ({ siteId, name }) => {
    const site = await backboneSites.find({ id: siteId });
    return `${site?.name ?? siteId}/${name}`;
  });
  const which = (await Promise.all(names)).join(', ');
  return `no address is known of ${which}`;
}
