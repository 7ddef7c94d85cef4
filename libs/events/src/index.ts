export * from './event-type.js';
export * from './stream.js';
export * from './commit.js';
export * from './vocabulary.js';
export * from './topology/index.js';
export * from './membership/index.js';
export * from './trust/index.js';
export * from './site-protocol/index.js';
export { allEvents } from './all-events.js';
