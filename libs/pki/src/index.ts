export { PkiError } from './pki-error.js';
export type { PkiErrorCode } from './pki-error.js';
export { Secret } from './secret.js';
