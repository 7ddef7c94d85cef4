import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** JSON lines, one object each. `log.info({ networkId }, 'network created')`. */
export type Log = Logger;

/** What is called so is not printed, wherever it stands two levels deep. `Secret` hides itself everywhere. */
const HIDDEN_KEYS = ['authorization', 'cookie', 'password', 'token', 'seed', 'privateKey', 'private_key'];
const REDACTED = HIDDEN_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const CREDENTIALS_IN_URL = /\b([a-z][a-z+.-]*:\/\/[^\s:/@"]*:)[^\s@"/]+@/gi;

/** The last line of defence: whatever an error message of some library quotes, a key or a password does not pass. */
export function scrubbed(line: string): string {
  let clean = line;
  if (clean.includes('PRIVATE KEY-----')) clean = clean.replace(PRIVATE_KEY, '[secret]');
  if (clean.includes('@')) clean = clean.replace(CREDENTIALS_IN_URL, '$1[secret]@');
  return clean;
}

/** A service's log, to standard output unless said otherwise. Writes are synchronous: the line before a crash is there. */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[secret]' },
      hooks: { streamWrite: scrubbed },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
