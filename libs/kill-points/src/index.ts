export { killPoint } from './kill-point.js';
export { killPoints } from './points.js';
export type { KillPoint } from './points.js';
export type { Hold, Reached } from './harness-line.js';
