export * from './log-entry.js';
export * from './quarantine-protocol.js';
export * from './quarantined-entry.js';
export * from './self-report.js';
