/** When a child that ended by itself is started again. */
export interface RestartPolicy {
  /** Before the first restart; doubled for each that follows. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** A child that ran this long counts as healthy: the next restart waits `firstMs` again. */
  readonly healthyAfterMs: number;
}

export const DEFAULT_RESTART: RestartPolicy = { firstMs: 200, longestMs: 10_000, healthyAfterMs: 30_000 };

/** How many restarts in a row there have been, after a run of `ranMs`; the first is 1. Pure. */
export const countRestart = (before: number, ranMs: number, policy: RestartPolicy): number =>
  ranMs >= policy.healthyAfterMs ? 1 : before + 1;

/** How long to wait before restart number `count` in a row. Pure. */
export const restartDelay = (count: number, policy: RestartPolicy): number =>
  Math.min(policy.longestMs, policy.firstMs * 2 ** Math.min(count - 1, 30));
