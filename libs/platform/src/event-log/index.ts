export { EVENT_REGISTRY, EVENT_STORE, EventLogModule } from './event-log.module.js';
export { openEventLog } from './open-event-log.js';
export type { EventLogOptions } from './open-event-log.js';
