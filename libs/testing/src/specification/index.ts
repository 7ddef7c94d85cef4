export { specification } from './specification.js';
export type { Outcome, Specification } from './specification.js';
export { commandMetadata } from './command-metadata.js';
