export type { Service } from './service.js';
export { CLOCK, LOG, SERVICE, ServiceModule } from './service.module.js';
