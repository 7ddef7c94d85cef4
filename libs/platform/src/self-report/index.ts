export { answerQuestions } from './answering.js';
export type { Questions } from './answering.js';
export { LogLook } from './log-look.js';
export { SelfReportModule } from './self-report.module.js';
