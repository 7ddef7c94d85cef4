import type { Item } from './kind.js';

interface Desired {
  readonly revision: number;
  readonly items: readonly unknown[];
}
interface Observed {
  readonly appliedRevision: number;
  readonly items: Readonly<Record<string, { readonly state?: string; readonly detail?: string }>>;
}

/** In words: whether a site is what it should be, as its state (`site-state`) says. */
export const convergence = (state: Item): string => {
  const desired = state['desired'] as Desired;
  const observed = state['observed'] as Observed | null;
  if (observed === null) return 'never reported';
  const unfinished = countBy(Object.values(observed.items).map((item) => item.state ?? 'unknown'));
  delete unfinished['applied'];
  const counts = Object.entries(unfinished).map(([name, count]) => `${count} ${name}`);
  if (counts.length > 0) return counts.join(', ');
  return observed.appliedRevision >= desired.revision
    ? 'converged'
    : `every item applied; at revision ${observed.appliedRevision} of ${desired.revision}`;
};

/** One line for each item that is not as it should be. */
export const shortcomings = (state: Item): string[] => {
  const observed = state['observed'] as Observed | null;
  return Object.entries(observed?.items ?? {})
    .filter(([, item]) => item.state !== 'applied')
    .map(([key, { state: is = 'unknown', detail }]) => `${key} ${is}${detail === undefined ? '' : `: ${detail}`}`);
};

/** One line for each item that is as it should be and yet has something to say: a door that is shut, say. One that is open has not. */
export const remarks = (state: Item): string[] => {
  const observed = state['observed'] as Observed | null;
  return Object.entries(observed?.items ?? {})
    .filter(([, { state: is, detail }]) => is === 'applied' && detail !== undefined && !detail.startsWith('open '))
    .map(([key, { detail }]) => `${key}: ${detail}`);
};

const countBy = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};
