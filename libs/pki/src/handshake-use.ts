import { keyUsages } from './certificate-extensions.js';
import { parseCertificate } from './certificate.js';

/**
 * Whether the key of a certificate may sign handshakes by what its keyUsage says, or does not say (RFC 8446, 4.4.2.2). What may not is refused by whoever is
 * shown it. @throws PkiError `certificate.malformed`
 */
export const signsHandshakes = (pem: string): boolean =>
  keyUsages(parseCertificate(pem).extensions)?.includes('digitalSignature') ?? true;
