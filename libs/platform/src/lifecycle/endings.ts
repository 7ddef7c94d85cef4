import type { ProcessVariables } from '../config/index.js';

/** Resolves, with the reason, when this process should end. A second signal while it is ending ends it at once. */
export function endOf({ CARAVAN_PARENT }: Pick<ProcessVariables, 'CARAVAN_PARENT'>): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(signal);
      });
    }
    if (CARAVAN_PARENT !== 'stdin') return;
    // The pipe closes with the parent, however that died: no orphan keeps a port or a lock.
    const parentGone = () => resolve('the parent is gone');
    process.stdin.once('end', parentGone).once('close', parentGone).once('error', parentGone).resume();
  });
}
