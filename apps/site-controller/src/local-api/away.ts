import type { Observation } from '@caravan/data-plane';
import type { Joining } from '../joining/index.js';

const MOST_LINKS = 3;
const MOST_OF_A_LINK = 200;

/**
 * Why the management plane is away from a site that joins: what keeps the links that it dials from being up, which are most often its only
 * way there. Without any link its own relay says no more than that nobody offers the address. Pure.
 */
export function awayInWords(said: string, joining: Joining, observed: Observation | undefined): string {
  if (joining.status === 'joined' || !observed) return said;
  const links = Object.entries(observed.items).filter(([key]) => key.startsWith('link/'));
  const down = links.filter(([, { state }]) => state !== 'applied').flatMap(([, { detail }]) => detail ?? []);
  if (down.length === 0) return said;
  const reasons = [...new Set(down.map((detail) => detail.slice(0, MOST_OF_A_LINK)))];
  const more = reasons.length > MOST_LINKS ? ` and ${reasons.length - MOST_LINKS} more` : '';
  const why = `${reasons.slice(0, MOST_LINKS).join(', ')}${more}`;
  if (observed.links.length > 0) return `${said}; a link that this site dials is not up: ${why}`;
  return `no link of this site is up, and so no way leads to the management plane: ${why}`;
}
