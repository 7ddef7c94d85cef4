export { ProjectionHost } from './projection-host.js';
export type { ProjectionHostOptions } from './projection-host.js';
