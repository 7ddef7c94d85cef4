export { runService } from './run-service.js';
export type { Running, ServiceDefinition } from './run-service.js';
