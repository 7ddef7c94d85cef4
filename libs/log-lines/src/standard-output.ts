import { LinesTo } from './lines-to.js';

/** Standard output of this process, for its log: nobody who writes waits for it, and what is written last is there when the process ends. */
export function standardOutput(leftOut: (lines: number) => void): { write(line: string): void } {
  const lines = new LinesTo(1, leftOut);
  let isFirst = true;
  return {
    write: (line) => {
      if (isFirst) process.once('exit', () => lines.finish());
      isFirst = false;
      lines.write(line);
    },
  };
}

export const LEFT_OUT = 'lines of this log were left out: what takes them was slow, or had no room';
