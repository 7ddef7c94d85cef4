import { cleanLine } from '@caravan/log-lines';
import { pino } from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;
export { PeerLog } from '@caravan/log-lines';

export const processLog = (): pino.Logger =>
  pino({
    base: { service: 'relay' },
    timestamp: pino.stdTimeFunctions.isoTime,
    level: process.env['LOG_LEVEL'] ?? 'info',
    hooks: { streamWrite: cleanLine },
  });
