import type { LocalState } from '@caravan/api';

/** The first way to the management plane takes some looks, and a relay some seconds to start: so long that is no trouble. */
const OPENING_MS = 5_000;
const OPENING = new Set(['management.away', 'relay.unavailable']);

/** Whether a trouble of a site is one that usually passes by itself, and has lasted for too short a time to be told. */
export const isTooSoon = (code: string, lastedMs: number): boolean => OPENING.has(code) && lastedMs < OPENING_MS;

type Seen = Pick<LocalState, 'troubles' | 'appliedRevision'>;

/** Whether the relay took something of this controller before: one that is missed since is not being started for the first time. */
export const hadRelay = ({ appliedRevision }: Pick<LocalState, 'appliedRevision'>): boolean => appliedRevision > 0;

/** The troubles of a site that are to be told. */
export const toldTroubles = (state: Seen, now: Date): LocalState['troubles'] =>
  state.troubles.filter(
    ({ code, since }) =>
      (code === 'relay.unavailable' && hadRelay(state)) || !isTooSoon(code, now.getTime() - Date.parse(since)),
  );

/** What comes with time, by itself: nothing is wrong, and nobody needs to do anything. */
const WAITS = new Set(['network.not-started', 'certificate.not-yet-valid', 'claim.awaits-approval']);
export const isWait = (code: string): boolean => WAITS.has(code);
