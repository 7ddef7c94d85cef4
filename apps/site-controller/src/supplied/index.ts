export { ApplicationCredentials } from './application-credentials.js';
export type { ApplicationMaterial } from './gathering.js';
export { SERVICE_CLIENT, SERVICE_SERVER } from './needs.js';
export { ServiceAuthority } from './service-authority.js';
