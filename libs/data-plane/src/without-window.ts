import type { Item } from './items.js';
import { phaseAt } from './window.js';

/**
 * The item as a site is told it that knows of no windows: as it is when it has none, without its window while that is open, and
 * not at all (undefined) before and after. Whoever tells it so must tell it again, for the answer is true at `now` only.
 */
export function withoutWindow(item: Item, now: number): Item | undefined {
  if (item.kind !== 'admission' || item.window === undefined) return item;
  const { window, ...rest } = item;
  return phaseAt(window, now) === 'open' ? rest : undefined;
}

export const hasWindow = (item: Item): boolean => item.kind === 'admission' && item.window !== undefined;
