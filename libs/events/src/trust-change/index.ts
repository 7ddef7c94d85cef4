export * from './revocation.js';
export * from './rotation.js';
