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
  const tell = onceTold(what, mostMs, terminal);
  const quiet = setTimeout(tell, quietMs);
  return { tell, end: () => clearTimeout(quiet) };
};

/** The same for what is only worth a word once it is known to take long. */
export const onceTold = (
  what: string,
  mostMs: number,
  terminal: Pick<Terminal, 'err'> | undefined,
): LateNotice['tell'] => {
  let isTold = false;
  return () => {
    if (!isTold) terminal?.err(`${what}, ${lengthText(mostMs)} at most …\n`);
    isTold = true;
  };
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
