export { lookAt } from './consumer-looks.js';
export { Consumers } from './consumers.js';
export type { ConsumerLook, FollowedConsumer } from './consumers.js';
export { halted } from './halt-condition.js';
export { Health } from './health.js';
export type { Check, Condition, Trouble } from './health.js';
export { serveHealth } from './health-server.js';
export type { HealthServer } from './health-server.js';
