export { cleanLine, visible } from './clean-line.js';
export { lineLog } from './line-log.js';
export type { Log } from './line-log.js';
export { PeerLog } from './peer-log.js';
export type { Lines } from './peer-log.js';
export { LEFT_OUT, standardError, standardOutput } from './standard-output.js';
