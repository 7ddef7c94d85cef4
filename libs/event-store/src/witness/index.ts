export { chainAfter, chainOfText, chainText, EMPTY_LOG } from './log-chain.js';
export type { LogEntry } from './log-chain.js';
export { MILESTONE } from './checkpoint.js';
export type { Acceptance, LogCheckpoint, OpenAlarm, WitnessLedger } from './checkpoint.js';
export { DIVERGED_REMEDY, describeDivergence, divergedError } from './divergence.js';
export type { Divergence } from './divergence.js';
export { LogVerifier } from './log-verifier.js';
export type { LogVerifierOptions } from './log-verifier.js';
