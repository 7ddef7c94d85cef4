export type { RunningDataPlane, StartDataPlane } from './test-site.js';
export { linkItem, TestSite } from './test-site.js';
export { Topology } from './topology.js';
export { BACKBONE, door, memberIdentity, World } from './world.js';
export type { Network } from './world.js';
export { shakeHands } from './handshake.js';
export type { Handshake, Shaken } from './handshake.js';
export { INSTALLATION, issue, makeAuthority, makeRoot } from './authorities.js';
export type { Authority, Credential } from './authorities.js';
export {
  ask,
  askPort,
  bytes,
  Closing,
  cut,
  dial,
  echoing,
  finish,
  flood,
  hash,
  hashOf,
  isOpen,
  serve,
} from './sockets.js';
export type { TestServer } from './sockets.js';
export { dialTls, serveTls } from './tls-sockets.js';
export { freezable, throttled } from './throttle.js';
export type { Freezable } from './throttle.js';
