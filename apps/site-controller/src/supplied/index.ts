export { ApplicationCredentials } from './application-credentials.js';
export type { ApplicationMaterial } from './gathering.js';
export { credentialId } from './needs.js';
export { ServiceAuthority } from './service-authority.js';
