import type { LinkItem } from '@caravan/data-plane';

export interface LinkTarget {
  readonly item: LinkItem;
  /** Of what it is dialled with; undefined while there is nothing. */
  readonly mark: string | undefined;
}

/**
 * How a live link follows a change of what is wanted. `redial`: make before break, what is carried finishes on the old
 * connection. `break`: what the old one may carry is no longer so; it ends at once. A certificate that went missing changes
 * nothing until the next one is there: a rotation names it before the site holds it.
 */
export function linkChange(before: LinkTarget, after: LinkTarget): 'nothing' | 'redial' | 'break' {
  const [a, b] = [before.item, after.item];
  const grants = ({ access, serverName, reach }: LinkItem): string => JSON.stringify([access, serverName, reach]);
  if (grants(a) !== grants(b)) return 'break';
  const moved = a.host !== b.host || a.port !== b.port || a.cost !== b.cost;
  const renewed = after.mark !== undefined && after.mark !== before.mark;
  return moved || renewed ? 'redial' : 'nothing';
}
