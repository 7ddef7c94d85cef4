export * from './capability.js';
export * from './desired-state.js';
export * from './joining.js';
export * from './subjects.js';
