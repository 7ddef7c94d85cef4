export { KeySourceError, readKeys, SEALING_KEY_BYTES } from './read-keys.js';
export type { KeySource } from './read-keys.js';
