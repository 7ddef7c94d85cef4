import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { apiClient, getLocalState, SHUT_OUT, siteApiFileSchema } from '@caravan/api';
import type { ApiClient, LocalState } from '@caravan/api';

/** Of who looks at a site every now and then. */
const SOON_MS = 5_000;
/** The first request that is more than a look loads what answers it: where there is little to compute with, that takes seconds. */
export const LOADED_MS = 30_000;

/** The local API of the site that lives in `dir`; undefined while it has none. */
export function localSite(dir: string, timeoutMs = SOON_MS): ApiClient | undefined {
  const file = join(dir, 'api.json');
  if (!existsSync(file)) return undefined;
  const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return apiClient({ url, token: readFileSync(tokenFile, 'utf8').trim(), timeoutMs });
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 2_000;

/** What to ask beside a site that does not get where it should. */
export interface Beside {
  /** Throws when it is known why this site, which said this last, or any other will not get there. */
  readonly look: (state: LocalState | undefined) => Promise<void>;
  /** What the installation says is wrong with it, a line or more; empty when nothing is. */
  readonly troubles: () => Promise<string>;
}

interface Goal {
  /** `connected to the management plane`. */
  readonly goal: string;
  readonly reached: (state: LocalState) => boolean;
  /** Where the site's processes log. */
  readonly log: string;
}

/** @throws Error with the site's own words, and the installation's, when it does not get there in a minute. */
export async function waitForSite(
  dir: string,
  { goal, reached, log }: Goal,
  { look, troubles }: Beside,
): Promise<void> {
  const start = performance.now();
  let lookAt = start + LOOK_EVERY_MS;
  for (;;) {
    const state = await localSite(dir)
      ?.call(getLocalState, {})
      .catch(() => undefined); // not up yet, or just restarting
    if (state && reached(state)) return;
    const now = performance.now();
    const gone = state?.troubles.find(({ code }) => code in SHUT_OUT);
    if (gone) throw new Error(`${gone.detail} [${gone.code}]`);
    if (now > start + PATIENCE_MS) throw new Error(lateText({ dir, goal, log, state, installation: await troubles() }));
    if (now > lookAt) {
      await look(state);
      lookAt = performance.now() + LOOK_EVERY_MS;
    }
    await pause(100);
  }
}

interface Late extends Omit<Goal, 'reached'> {
  readonly dir: string;
  readonly state: Pick<LocalState, 'troubles'> | undefined;
  readonly installation: string;
}

/** Pure. */
export function lateText({ dir, goal, log, state, installation }: Late): string {
  const troubles = state?.troubles.map(({ code, detail }) => `${detail} [${code}]`);
  const why = troubles ? troubles.join('; ') || 'it does not say why' : 'its local API does not answer';
  const beside =
    installation === '' ? 'The installation says that all is well.' : `The installation says:\n${installation}`;
  return [
    `After ${PATIENCE_MS / 1000} s the site in ${dir} is not ${goal}: ${why}.`,
    beside,
    `Its log: ${log}; npm start goes on where this start ended.`,
  ].join('\n');
}
