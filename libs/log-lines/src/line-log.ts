import { cleanLine } from './clean-line.js';
import { LEFT_OUT, standardOutput } from './standard-output.js';

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
  const output = standardOutput((lines) => log.warn({ code: 'log.left-out', lines }, LEFT_OUT));
  const write = given ?? ((line: string) => output.write(line));
  return log;
}
