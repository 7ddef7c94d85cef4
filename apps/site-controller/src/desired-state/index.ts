export { after, desiredFrom, nothingDesired, understood } from './desired-state.js';
export type { DesiredState, Understood } from './desired-state.js';
export { DesiredStateStore } from './desired-state-store.js';
export { bootstrapIsOver, configurationOf } from './configuration.js';
export { Applying } from './applying.js';
export type { ApplyingOptions, Wanted } from './applying.js';
export { Following } from './following.js';
