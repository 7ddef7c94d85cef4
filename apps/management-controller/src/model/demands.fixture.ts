import { isDeepStrictEqual } from 'node:util';
import { Disagreement } from './referee.fixture.js';

/** @throws Disagreement when it does not hold */
export const demand = (holds: boolean, what: string, details?: unknown): void => {
  if (!holds) throw new Disagreement(`${what}${details === undefined ? '' : `: ${JSON.stringify(details, null, 1)}`}`);
};
export const same = (what: string, found: unknown, wanted: unknown): void =>
  demand(isDeepStrictEqual(found, wanted), `${what} is not what the model says`, { found, wanted });
