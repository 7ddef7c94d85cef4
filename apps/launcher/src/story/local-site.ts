import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { apiClient, getLocalState, siteApiFileSchema } from '@caravan/api';
import type { ApiClient, LocalState } from '@caravan/api';

/** The local API of the site that lives in `dir`; undefined while it has none. */
export function localSite(dir: string): ApiClient | undefined {
  const file = join(dir, 'api.json');
  if (!existsSync(file)) return undefined;
  const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return apiClient({ url, token: readFileSync(tokenFile, 'utf8').trim(), timeoutMs: 5_000 });
}

const PATIENCE_MS = 60_000;

/** @throws Error with the site's own words when it does not get there in a minute. */
export async function waitForSite(dir: string, what: string, reached: (state: LocalState) => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const state = await localSite(dir)
      ?.call(getLocalState, {})
      .catch(() => undefined); // not up yet, or just restarting
    if (state && reached(state)) return;
    if (performance.now() > deadline) {
      const troubles = state?.troubles.map(({ detail }) => detail).join('; ') ?? 'its local API does not answer';
      throw new Error(
        `The site in ${dir} ${what} not within ${PATIENCE_MS / 1000} s: ${troubles || 'it does not say why'}`,
      );
    }
    await pause(100);
  }
}
