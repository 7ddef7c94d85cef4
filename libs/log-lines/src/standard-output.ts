import { LinesTo } from './lines-to.js';

type LeftOut = (lines: number) => void;

/** Standard output of this process, for its log: nobody who writes waits for it, and what is written last is there when the process ends. */
export const standardOutput = (leftOut: LeftOut): { write(line: string): void } => untilTheEnd(new LinesTo(1, leftOut));

/** The same of standard error: for one whose log that is. */
export const standardError = (leftOut: LeftOut): { write(line: string): void } => untilTheEnd(new LinesTo(2, leftOut));

function untilTheEnd(lines: LinesTo): { write(line: string): void } {
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
