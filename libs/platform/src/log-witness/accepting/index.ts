export { acceptLog, runAcceptLog } from './accept-log.js';
export type { AcceptLog } from './accept-log.js';
