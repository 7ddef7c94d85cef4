export { connectSiteProtocol } from './connect-site-protocol.js';
export { Message, SubjectId } from './parameters.js';
export type { SiteProtocolOptions } from './site-protocol-server.js';
export { protocolErrorOf } from './wire.js';
