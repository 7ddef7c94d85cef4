export { cleanLine, visible } from './clean-line.js';
export { PeerLog } from './peer-log.js';
export type { Lines } from './peer-log.js';
