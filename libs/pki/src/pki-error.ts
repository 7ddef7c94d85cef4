/**
 * Every reason this library refuses. Codes are stable: callers store them, tables map them to HTTP statuses, tests name them.
 */
export type PkiErrorCode =
  | 'key.malformed'
  | 'key.unsupported'
  | 'credential.malformed'
  | 'credential.wrong-passphrase'
  | 'credential.incomplete'
  | 'csr.too-large'
  | 'csr.malformed'
  | 'csr.bad-signature'
  | 'csr.unsupported-key'
  | 'certificate.malformed'
  | 'certificate.bad-common-name'
  | 'certificate.bad-crl-url'
  | 'certificate.bad-host'
  | 'certificate.bad-identity'
  | 'certificate.bad-lifetime'
  | 'certificate.bad-serial'
  | 'certificate.outside-window'
  | 'crl.bad-parameter'
  | 'issuer.not-a-ca'
  | 'issuer.key-mismatch'
  | 'issuer.path-too-short'
  | 'identity.none'
  | 'identity.ambiguous'
  | 'identity.unknown'
  | 'identity.foreign'
  | 'seal.bad-parameter'
  | 'seal.wrong-key'
  | 'seal.tampered';

/** The only error that leaves this library, whatever the input. `message` says what was wrong and holds no secret. */
export class PkiError extends Error {
  override readonly name = 'PkiError';

  constructor(
    readonly code: PkiErrorCode,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/**
 * Runs a parser over untrusted bytes. Whatever it throws becomes one coded error; the parser's own message is dropped, since
 * it may quote the input.
 */
export function refusingAs<T>(code: PkiErrorCode, message: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PkiError) throw error;
    throw new PkiError(code, message);
  }
}
