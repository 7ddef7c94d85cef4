import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { cleanLine } from '@caravan/log-lines';

/** JSON lines, one object each. `log.info({ networkId }, 'network created')`. */
export type Log = Logger;

/** What is called so is not printed, wherever it stands two levels deep. `Secret` hides itself everywhere. */
const HIDDEN_KEYS = ['authorization', 'cookie', 'password', 'token', 'seed', 'privateKey', 'private_key'];
const REDACTED = HIDDEN_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** A service's log, to standard output unless said otherwise. Writes are synchronous: the line before a crash is there. */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[secret]' },
      hooks: { streamWrite: cleanLine },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
