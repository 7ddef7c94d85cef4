import { setTimeout as pause } from 'node:timers/promises';
import type { Waiting } from '../connection/connection.js';
import { idOf } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { lateNotice, QUIET_MS } from '../output/late-notice.js';
import type { EndpointPlace } from './endpoint-place.js';

export interface Patience {
  readonly forMs: number;
  readonly quietMs: number;
  readonly pollMs: number;
}
const PATIENCE: Patience = { forMs: 15_000, quietMs: QUIET_MS, pollMs: 100 };
const LEAST_MS = 5_000;

/** In all, from the question on: a site holds back its answer for some seconds itself, so that most often it is done by then. */
export const patienceAfter = (askedMs: number): Patience => ({
  ...PATIENCE,
  forMs: Math.max(LEAST_MS, PATIENCE.forMs - Math.round(askedMs / 1_000) * 1_000),
});

/** Whether its site has neither done it nor said why not. A place that cannot tell is not asked. */
export const isOpen = ({ state }: Item): boolean => state === 'unknown' || state === 'waiting';

/** Until the site has done what was decided, or said why not, or the time is over. The decision stands either way. */
export const settled = async (
  place: Pick<EndpointPlace, 'look' | 'where'>,
  item: Item,
  notice: Waiting['notice'],
  { forMs, quietMs, pollMs }: Patience,
): Promise<Item> => {
  if (!place.look || !isOpen(item)) return item;
  const { end } = lateNotice(`Decided; waiting for it to be done ${place.where}`, forMs, notice, quietMs);
  const until = performance.now() + forMs;
  const isOver = pause(forMs, undefined, { ref: false });
  let seen = item;
  try {
    while (isOpen(seen) && performance.now() < until) {
      await pause(pollMs);
      // A look that is not answered does not make the wait longer.
      seen = (await Promise.race([place.look(idOf(item)), isOver])) ?? seen;
    }
    return seen;
  } finally {
    end();
  }
};
