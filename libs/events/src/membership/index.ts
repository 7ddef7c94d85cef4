export type { ConnectorTls, ListenerTls } from './endpoint-tls.js';
export * from './invitation-terms.js';
export * from './invitation.js';
export * from './member.js';
export * from './network.js';
export { DELETE_AFTER_SECONDS } from './network-term.js';
export { askSchema, asksSchema, siteDetailsSchema } from './site-details.js';
export type { Ask, SiteDetails } from './site-details.js';
