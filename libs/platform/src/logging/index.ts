export { createLog } from './log.js';
export type { Log } from './log.js';
export { NestLog } from './nest-log.js';
export { PeerLog } from '@caravan/log-lines';
