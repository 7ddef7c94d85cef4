export { Affected } from './affected.js';
export type { Effect } from './affected.js';
export { evolve, foldedEvents } from './evolve.js';
export type { LogEvent } from './evolve.js';
export { emptyModel } from './model.js';
export type { Model, Site } from './model.js';
