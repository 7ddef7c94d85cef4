import type { Terminal } from '../terminal.js';

/** Whoever has waited so long without a word wonders whether anything happens. */
export const QUIET_MS = 3_000;

/** Says once, on stderr if anybody reads it, what is waited for and how long at most: when it is told to, or nothing has come for some seconds. */
export interface LateNotice {
  readonly tell: () => void;
  /** What was waited for has come, or will not. */
  readonly end: () => void;
}

export const lateNotice = (
  what: string,
  mostMs: number,
  terminal: Pick<Terminal, 'err'> | undefined,
  quietMs = QUIET_MS,
): LateNotice => {
  let isTold = false;
  const tell = (): void => {
    if (!isTold) terminal?.err(`${what}, ${lengthText(mostMs)} at most …\n`);
    isTold = true;
  };
  const quiet = setTimeout(tell, quietMs);
  return { tell, end: () => clearTimeout(quiet) };
};

const lengthText = (ms: number): string => (ms < 120_000 ? `about ${ms / 1_000} s` : `about ${ms / 60_000} min`);

/** `work`, and a word of it when it takes long. */
export const noticed = async <Result>(work: Promise<Result>, ...notice: Parameters<typeof lateNotice>) => {
  const { end } = lateNotice(...notice);
  try {
    return await work;
  } finally {
    end();
  }
};
