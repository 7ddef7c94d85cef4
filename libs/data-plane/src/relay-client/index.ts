export { RelayDataPlane } from './relay-data-plane.js';
export type { RelayDataPlaneOptions } from './relay-data-plane.js';
export { RelayProblem } from './relay-problem.js';
export type { Patience } from './silence.js';
export { relayPaths, SIGN_OF_LIFE_MS } from './protocol.js';
export type { HandOver, ProblemDetails } from './protocol.js';
