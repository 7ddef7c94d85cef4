import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { cleanLine, LEFT_OUT, standardOutput } from '@caravan/log-lines';

/** JSON lines, one object each. `log.info({ networkId }, 'network created')`. */
export type Log = Logger;

/** What is called so is not printed, wherever it stands two levels deep. `Secret` hides itself everywhere. */
const HIDDEN_KEYS = ['authorization', 'cookie', 'password', 'token', 'seed', 'privateKey', 'private_key'];
const REDACTED = HIDDEN_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** A service's log, to standard output unless said otherwise. A disk that is full or slow costs lines, and neither requests nor the process. */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const log = pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[secret]' },
      hooks: { streamWrite: cleanLine },
    },
    destination ?? standardOutput((lines) => log.warn({ code: 'log.left-out', lines }, LEFT_OUT)),
  );
  return log;
}
