import { setTimeout as pause } from 'node:timers/promises';
import { getStatus } from '@caravan/api';
import type { ApiClient } from '@caravan/api';
import { divergedText, verdictOn, wordsOf } from './divergence.js';

const LOOK_EVERY_MS = 250;
/** What one service has found the other finds as well, and may not have been heard of yet. */
const OTHERS_WITHIN_MS = 2_000;
/** A long log is read for minutes; what is then found is found by whoever writes. */
const PATIENCE_MS = 60_000;

/** @throws Error that says which service found what, where and what to do, when the log is not what was witnessed */
export async function refuseDivergedLog(api: ApiClient, natsDir: string, start: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const verdict = verdictOn(await api.call(getStatus, {}));
    if (verdict.status === 'diverged') {
      await pause(OTHERS_WITHIN_MS);
      const all = verdictOn(await api.call(getStatus, {}));
      throw new Error(divergedText(all.status === 'diverged' ? all.words : verdict.words, natsDir, start));
    }
    if (verdict.status === 'well' || performance.now() > until) return;
    await pause(LOOK_EVERY_MS);
  }
}

/** What the installation says is wrong with it, to stand behind what did not work; empty when it is well or does not say. */
export async function troublesOf(api: ApiClient): Promise<string> {
  return api.call(getStatus, {}).then(
    ({ parts }) => wordsOf(parts),
    (error: Error) => `  the installation does not say how it is: ${error.message}`,
  );
}
