import { cleanLine } from './clean-line.js';
import { LinesTo } from './lines-to.js';

/** JSON lines, one object each: `log.info({ revision }, 'desired state taken')`. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const plain = (value: unknown): unknown =>
  value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;

/**
 * The log of a site's processes, to standard output unless said otherwise. Small on purpose: a site has to fit where there is
 * little memory, and writes a line a minute. `level`: what is less grave is left out.
 */
export function lineLog(service: string, level: string = 'info', given?: (line: string) => void): Log {
  const least = Math.max(0, LEVELS.indexOf(level as (typeof LEVELS)[number]));
  const at = (of: (typeof LEVELS)[number]) => (fields: object, message: string) => {
    if (LEVELS.indexOf(of) < least) return;
    const entries = Object.entries(fields).map(([name, value]) => [name, plain(value)] as const);
    const line = {
      level: of,
      time: new Date().toISOString(),
      service,
      pid: process.pid,
      ...Object.fromEntries(entries),
    };
    write(cleanLine(`${JSON.stringify({ ...line, msg: message })}\n`));
  };
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const write = given ?? toStandardOutput((lines) => log.warn({ code: 'log.left-out', lines }, LEFT_OUT));
  return log;
}

const LEFT_OUT = 'lines of this log were left out: what takes them was slow, or had no room';

function toStandardOutput(leftOut: (lines: number) => void): (line: string) => void {
  const lines = new LinesTo(1, leftOut);
  process.once('exit', () => lines.finish());
  return (line) => lines.write(line);
}
