import type forge from 'node-forge';
import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { encodePem } from './pem.js';
import { PkiError, refusingAs } from './pki-error.js';
import type { Secret } from './secret.js';

/** What a PKCS#12 file holds that is of use here, in its order; certificates are PEM. */
export interface Pkcs12Content {
  readonly certificates: readonly string[];
  readonly keys: readonly KeyObject[];
}

/**
 * Opens a PKCS#12 file (RFC 7292) that is protected by a passphrase, in the forms of today (PBES2, AES) and of old (RC2, triple DES).
 * The whole of node-forge is loaded for it, and only here: whoever brings no such file does without. It takes as long as the
 * iteration counts in the file say, so it is for an administrator's command and never for a service.
 *
 * @throws PkiError `credential.malformed`, `credential.wrong-passphrase`
 */
export async function openPkcs12(file: Buffer, passphrase: Secret<string>): Promise<Pkcs12Content> {
  const { default: library } = await import('node-forge');
  const bags = safeBags(library, file, passphrase);
  const { certBag, keyBag, pkcs8ShroudedKeyBag } = library.pki.oids;
  return refusingAs('credential.malformed', 'the PKCS#12 file holds something that cannot be read', () => ({
    certificates: bags.filter(({ type }) => type === certBag).map((bag) => certificateIn(library, bag)),
    keys: bags.filter(({ type }) => type === keyBag || type === pkcs8ShroudedKeyBag).map((bag) => keyIn(library, bag)),
  }));
}

function safeBags(library: typeof forge, file: Buffer, passphrase: Secret<string>): forge.pkcs12.Bag[] {
  try {
    // Not strict: Java and browsers write BER.
    const structure = library.asn1.fromDer(file.toString('latin1'), false);
    const { safeContents } = library.pkcs12.pkcs12FromAsn1(structure, false, passphrase.reveal());
    return safeContents.flatMap(({ safeBags: bags }) => bags);
  } catch (error) {
    // The library has no codes; its messages are a few fixed ones.
    if (error instanceof Error && /password|decrypt/i.test(error.message)) {
      throw new PkiError('credential.wrong-passphrase', 'the passphrase does not open the PKCS#12 file');
    }
    throw new PkiError('credential.malformed', 'this is not a PKCS#12 file that can be read');
  }
}

/** The library reads what is RSA and hands over the rest as it stands; the bytes of either are what is wanted. */
const certificateIn = (library: typeof forge, { cert, asn1 }: forge.pkcs12.Bag): string =>
  encodePem('CERTIFICATE', derOf(library, cert ? library.pki.certificateToAsn1(cert) : asn1));

function keyIn(library: typeof forge, { key, asn1 }: forge.pkcs12.Bag): KeyObject {
  const pkcs8 = key ? library.pki.wrapRsaPrivateKey(library.pki.privateKeyToAsn1(key)) : asn1;
  const der = derOf(library, pkcs8);
  const read = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return read;
}

const derOf = (library: typeof forge, node: forge.asn1.Asn1): Buffer =>
  Buffer.from(library.asn1.toDer(node).getBytes(), 'latin1');
