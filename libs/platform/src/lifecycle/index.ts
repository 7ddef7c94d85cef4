export { lookEvery } from './look-every.js';
export { Ended, waitOn } from './wait-on.js';
export { runService } from './run-service.js';
export type { Running, ServiceDefinition } from './run-service.js';
