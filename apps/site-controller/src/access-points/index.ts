export { BoundPorts, portsAfter } from './bound-ports.js';
export type { Ports } from './bound-ports.js';
