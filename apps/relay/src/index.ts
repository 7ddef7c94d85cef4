export { Relay } from './relay.js';
export type { RelayDeps } from './relay.js';
