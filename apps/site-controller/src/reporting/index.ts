export { observationOf, reportOf } from './report.js';
export { Reporting } from './reporting.js';
