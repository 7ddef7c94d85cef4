export { readAnswers } from './answers.js';
export { controlTrust } from './acquaintance.js';
export { certificateFor, Joiner } from './joiner.js';
export { Journal } from './journal.js';
export type { Control, Joining, Origin, Refusal, Site } from './joining.js';
export { readSiteFile } from './site-file.js';
export { take } from './taking.js';
export { overOf } from './term.js';
export type { Over } from './term.js';
