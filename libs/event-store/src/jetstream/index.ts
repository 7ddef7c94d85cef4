export { checkLog, createLog, ensureLog, isAtLeast, LOG_STREAM, OLDEST_SERVER } from './log-setup.js';
export type { CreateLogOptions } from './log-setup.js';
export { JetStreamEventStore } from './jetstream-event-store.js';
export type { JetStreamOptions } from './jetstream-event-store.js';
