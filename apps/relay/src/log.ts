import { lineLog } from '@caravan/log-lines';
import type { Log } from '@caravan/log-lines';

export { PeerLog } from '@caravan/log-lines';
export type { Log } from '@caravan/log-lines';

export const processLog = (): Log => lineLog('relay', process.env['LOG_LEVEL']);
