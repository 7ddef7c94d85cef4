export { lookAt } from './look-at.js';
export { Followers } from './followers.js';
export type { FollowerLook, Followed } from './followers.js';
export { halted } from './halt-condition.js';
export { Health } from './health.js';
export type { Condition } from './condition.js';
export type { Check, Trouble } from './health.js';
