import type { IncomingMessage } from 'node:http';
import type { LocalSite } from './local-site.js';

type Read = (site: LocalSite) => object;

/** What is only looked at, by whoever waits for a site to join or asks how it is. */
const READS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['/site/v1/state', (site) => site.state()],
  ['/site/v1/items', (site) => ({ items: site.items() })],
  ['/site/v1/links', (site) => ({ items: site.links() })],
  ['/site/v1/certificates', (site) => ({ items: site.certificates() })],
  ['/site/v1/listeners', (site) => ({ items: site.endpoints('listener') })],
  ['/site/v1/connectors', (site) => ({ items: site.endpoints('connector') })],
]);
/** Headers that mean something to a route. */
const CONDITIONS = ['caravan-position', 'idempotency-key'];

/**
 * The answer to a plain read, with what is loaded anyway: looking at a site does not make it larger for the rest of its life.
 * Undefined for everything else: what has conditions, and what is refused, is for the application behind.
 */
export function lightRead({ method, url = '', headers }: IncomingMessage, site: LocalSite): object | undefined {
  const read = method === 'GET' ? READS.get(url) : undefined;
  if (!read || CONDITIONS.some((name) => name in headers)) return undefined;
  try {
    return read(site);
  } catch {
    return undefined; // the application finds the same, and words it
  }
}
