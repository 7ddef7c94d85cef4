export { PkiError } from './pki-error.js';
export type { PkiErrorCode } from './pki-error.js';
export { Secret } from './secret.js';
export { seal, sealKeyId, sealingKeyId, unseal } from './seal.js';
export { generateKeyPair, randomNonce, randomSerial } from './randomness.js';
export type { KeyKind, KeyPair } from './randomness.js';
export { exportPrivateKey, exportPublicKey, importPrivateKey, importPublicKey, publicKeyFingerprint } from './keys.js';
