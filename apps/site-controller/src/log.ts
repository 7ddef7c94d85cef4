import { cleanLine } from '@caravan/log-lines';

export type LogFields = Readonly<Record<string, unknown>>;

/** JSON lines on standard output, one object each: `log.info({ revision }, 'desired state taken')`. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const plain = (value: unknown): unknown =>
  value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;

/**
 * Small on purpose: a site has to fit where there is little memory, and writes a line a minute.
 * `level`: what is less grave is left out.
 */
export function createLog(
  service: string,
  level: string = 'info',
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Log {
  const least = Math.max(0, LEVELS.indexOf(level as (typeof LEVELS)[number]));
  const at = (of: (typeof LEVELS)[number]) => (fields: LogFields, message: string) => {
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
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
