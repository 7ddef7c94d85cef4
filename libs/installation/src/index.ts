export * from './nats-server/index.js';
export * from './postgres/index.js';
export * from './processes/index.js';
export { PortBook, tryLoopbackPort } from './ports.js';
export type { PortRange } from './ports.js';
export { openStateDirectory, resetState, stateLayout, writeSecret } from './state-directory.js';
export type { StateDirectory } from './state-directory.js';
export { lockState } from './state-lock.js';
export * from './management-plane/index.js';
