export { Health } from './health.js';
export type { Check, Trouble } from './health.js';
export { serveHealth } from './health-server.js';
export type { HealthServer } from './health-server.js';
