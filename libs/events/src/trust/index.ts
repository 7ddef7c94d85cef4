export * from './authority.js';
export * from './authority-request.js';
export * from './certificate.js';
export * from './revocation-list-protocol.js';
