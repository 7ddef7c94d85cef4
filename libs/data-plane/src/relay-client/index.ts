export { RelayDataPlane } from './relay-data-plane.js';
export type { RelayDataPlaneOptions } from './relay-data-plane.js';
export { RelayProblem } from './relay-problem.js';
export { relayPaths } from './protocol.js';
export type { HandOver, ProblemDetails } from './protocol.js';
