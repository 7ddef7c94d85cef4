export * from './nats-server/index.js';
export * from './postgres/index.js';
export * from './processes/index.js';
export { freePort, tryLoopbackPort } from './ports.js';
