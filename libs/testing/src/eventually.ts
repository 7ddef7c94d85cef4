import { setTimeout as pause } from 'node:timers/promises';

/** What is asked has not come yet; anything else is an answer. */
type NotYet = false | undefined;

/**
 * Asks until there is an answer: a value, or that something holds. `false` and `undefined` mean: not yet. @throws Error naming
 * `what` when there is none in time; a function is called then, to say also what there was instead. The time is for what does not
 * come at all on a machine that is busy as well, and less than a test may take (vitest.config.mjs), so that this is what is read.
 */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => Promise<T | NotYet> | T | NotYet,
  { withinMs = 60_000, everyMs = 20 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${withinMs / 1000} s: ${typeof what === 'string' ? what : what()}`);
    }
    await pause(everyMs);
  }
}
