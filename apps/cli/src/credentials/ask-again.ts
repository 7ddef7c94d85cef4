import { setTimeout as pause } from 'node:timers/promises';

export interface AskingAgain {
  /** Whether a refusal passes by itself. */
  readonly passes: (error: unknown) => boolean;
  /** Called before each further request. */
  readonly tell: () => void;
  /** No request is begun later than this; 0: none but the first. */
  readonly forMs: number;
  readonly pauseMs: number;
}

/** Asks the same again while it is refused for what passes by itself; throws what was answered last. */
export const askAgain = async <Reply>(
  ask: () => Promise<Reply>,
  { passes, tell, forMs, pauseMs }: AskingAgain,
): Promise<Reply> => {
  const until = performance.now() + forMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!passes(error) || performance.now() >= until) throw error;
      tell();
      await pause(pauseMs);
    }
  }
};
