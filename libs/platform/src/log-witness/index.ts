export { acceptLog, runAcceptLog } from './accepting/index.js';
export type { AcceptLog } from './accepting/index.js';
export { observeWitness } from './observe-witness.js';
export { LogWitness } from './log-witness.js';
export type { LogWitnessOptions } from './log-witness-options.js';
export { WitnessedEventStore } from './witnessed-event-store.js';
export { WitnessedQuarantine } from './witnessed-quarantine.js';
export type { WitnessStatus } from './write-gate.js';
