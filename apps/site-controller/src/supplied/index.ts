export type { ApplicationMaterial } from './gathering.js';
export { credentialId } from './needs.js';
export { OwnServer } from './own-server.js';
export { ServiceAuthority } from './service-authority.js';
export type { SiteServer } from './site-server.js';
export { NOTHING_SUPPLIED, Supplies } from './supplies.js';
export type { Supplied } from './supplies.js';
