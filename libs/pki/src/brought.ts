import type { KeyObject } from 'node:crypto';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { splitChain } from './chain.js';
import { openPkcs12 } from './pkcs12.js';
import { PkiError, refusingAs } from './pki-error.js';
import type { Secret } from './secret.js';

/** A certificate that somebody made elsewhere, with its key. Whether it is fit for anything is not known yet. */
export interface BroughtCredential {
  readonly certificatePem: string;
  /** What else came with it, PEM, in its order: perhaps the authorities above it. */
  readonly others: readonly string[];
  readonly privateKey: KeyObject;
}

export interface BroughtPem {
  /** PEM certificates in any order; text around them is ignored. */
  readonly certificates: string;
  /** PKCS#8, SEC 1 or PKCS#1 PEM, encrypted or not; may be the same text. */
  readonly key: Secret<string>;
  readonly passphrase?: Secret<string>;
}

/**
 * Reads a credential in PEM.
 *
 * @throws PkiError `certificate.malformed`, `credential.malformed`, `credential.wrong-passphrase`, `credential.incomplete`
 */
export function readBroughtPem({ certificates, key, passphrase }: BroughtPem): BroughtCredential {
  return paired(splitChain(certificates), [keyIn(key, passphrase)]);
}

/**
 * Reads a credential in PKCS#12.
 *
 * @throws PkiError `credential.malformed`, `credential.wrong-passphrase`, `credential.incomplete`
 */
export async function readBroughtPkcs12(file: Buffer, passphrase: Secret<string>): Promise<BroughtCredential> {
  const { certificates, keys } = await openPkcs12(file, passphrase);
  return paired(certificates, keys);
}

/** RFC 5958 says so in its label, OpenSSL's older form in a header. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

function keyIn(pem: Secret<string>, passphrase: Secret<string> | undefined): KeyObject {
  const text = pem.reveal();
  if (!ENCRYPTED.test(text)) {
    return refusingAs('credential.malformed', 'there is no PEM private key that can be read', () =>
      createPrivateKey(text),
    );
  }
  if (!passphrase)
    throw new PkiError('credential.wrong-passphrase', 'the key is encrypted, and there is no passphrase');
  return refusingAs('credential.wrong-passphrase', 'the passphrase does not open the key, or it is damaged', () =>
    createPrivateKey({ key: text, passphrase: passphrase.reveal() }),
  );
}

/** By the key and nothing else: an order of certificates is a habit and no rule. */
function paired(certificates: readonly string[], keys: readonly KeyObject[]): BroughtCredential {
  if (certificates.length === 0) throw new PkiError('credential.incomplete', 'there is no certificate');
  for (const privateKey of keys) {
    const own = certificates.find((pem) => belongsTo(pem, privateKey));
    if (own !== undefined) {
      return { certificatePem: own, others: certificates.filter((pem) => pem !== own), privateKey };
    }
  }
  const missing = keys.length === 0 ? 'there is no private key' : 'none of the certificates belongs to the private key';
  throw new PkiError('credential.incomplete', missing);
}

const belongsTo = (pem: string, privateKey: KeyObject): boolean =>
  refusingAs('certificate.malformed', 'this is not an X.509 certificate that can be read', () =>
    new X509Certificate(pem).checkPrivateKey(privateKey),
  );
