import { listSiteConnections } from '@caravan/api';
import type { SiteConnection } from '@caravan/api';
import { LOADED_MS, localSite } from './local-site.js';

/** One relay on the way of a connection, and what proved itself at the other end of the link it went out by. */
export interface Hop {
  readonly site: string;
  /** `link` to the next relay, or `connector` to the server. */
  readonly to: string;
  /** Subjects of the chain that the next relay presented, leaf first; empty at the connector. */
  readonly certificates: readonly { readonly subject: string; readonly issuer: string; readonly notAfter: string }[];
}

/**
 * The way that the newest connection to `address` from the first site took: every relay on it knows the connection's id, and says
 * what it did. Each site is asked at its own local API: no site knows the whole.
 */
export async function pathOf(
  address: string,
  sites: readonly { readonly name: string; readonly dir: string }[],
): Promise<Hop[]> {
  const [first] = sites;
  const started = first ? await connections(first.dir, undefined) : [];
  const ingress = started
    .filter((connection) => connection.address === address && connection.from.kind === 'listener')
    .sort((one, other) => other.at.localeCompare(one.at))[0];
  if (!ingress) return [];
  const carried = await Promise.all(
    sites.map(async ({ name, dir }) =>
      (await connections(dir, ingress.id)).map((connection) => ({ name, connection })),
    ),
  );
  return carried
    .flat()
    .sort((one, other) => placeOf(one.connection) - placeOf(other.connection))
    .map(({ name, connection: { to } }) => ({
      site: name,
      to: to?.kind ?? 'nowhere',
      certificates: (to?.peerChain ?? []).map(({ subject, issuer, notAfter }) => ({ subject, issuer, notAfter })),
    }));
}

/** Relays count the hops so far; towards a member they keep the count to themselves, and where a connector ends it is the last. */
const placeOf = ({ hops, to }: SiteConnection): number => (to?.kind === 'connector' ? Infinity : hops);

async function connections(dir: string, id: string | undefined): Promise<SiteConnection[]> {
  const site = localSite(dir, LOADED_MS);
  if (!site) return [];
  return (await site.call(listSiteConnections, { query: id === undefined ? {} : { id } })).items;
}
