export { lookAt } from './look-at.js';
export { Followers } from './followers.js';
export type { FollowerLook, Followed } from './followers.js';
export { halted } from './halt-condition.js';
export { Health } from './health.js';
export type { Check, Condition, Trouble } from './health.js';
export { serveHealth } from './health-server.js';
export type { HealthServer } from './health-server.js';
