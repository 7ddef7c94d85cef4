export * from './authority-certificate.js';
export * from './installation-trust-protocol.js';
export * from './revocation.js';
export * from './rotation.js';
