export { launchNats, natsServerBin } from './nats.js';
export type { LaunchNatsOptions, TestNats } from './nats.js';
export { launchPostgres } from './postgres.js';
export type { TestPostgres } from './postgres.js';
export { CA_EXTENSIONS, OwnRoot } from './own-root.js';
export type { Signing } from './own-root.js';
export { useNats, usePostgres } from './hooks.js';
export { LogFiles, rewriteLog, withServerOn } from './log-files.js';
export type { LogBlock } from './log-files.js';
