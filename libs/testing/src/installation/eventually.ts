import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until there is an answer. @throws Error naming `what` when there is none in time; a function is called then, to say also
 * what there was instead.
 */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => Promise<T | undefined> | T | undefined,
  { withinMs = 60_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${withinMs / 1000} s: ${typeof what === 'string' ? what : what()}`);
    }
    await pause(everyMs);
  }
}
