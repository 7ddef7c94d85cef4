export { LoggedChild, describeExit } from './logged-child.js';
export type { ChildSpec, Exit } from './logged-child.js';
export { quoteLastLines } from './log-tail.js';
export type { StopSignal } from './guard.js';
