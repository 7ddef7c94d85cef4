export { natsAccounts, REACTIONS } from './nats-accounts.js';
export type { NatsIdentities } from './nats-accounts.js';
export { startManagementPlane } from './management-plane.js';
export type { ManagementPlane, ManagementPlaneOptions } from './management-plane.js';
export type { ServiceName } from './services.js';
export { writeServerFiles } from './server-files.js';
export type { ServerFilesOptions } from './server-files.js';
export { programsIn } from './programs.js';
export type { Programs } from './programs.js';
