import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PkiError, readBroughtPem, readBroughtPkcs12, Secret, unfitnessOf } from '@caravan/pki';
import type { BroughtCredential } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';

/** Files that hold a root which somebody made elsewhere. */
export interface RootFiles {
  /** PEM, or PKCS#12 with its key. */
  readonly certificate: string;
  /** PEM; undefined when the key is in the same file. */
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
}

const CERTIFICATE = '--root-certificate';

/**
 * A root to seal and sign with, held against everything that is asked of one before anything is written.
 *
 * @throws ConfigurationError that names all that is wrong with it
 */
export async function readBroughtRoot(files: RootFiles, installation: string, now: Date): Promise<BroughtCredential> {
  const brought = await credentialIn(files);
  const { certificatePem, privateKey } = brought;
  const wrong = unfitnessOf({ certificatePem, privateKey }, { profile: 'root', installation, now }).map(
    ({ says }) => says,
  );
  if (!isSelfSigned(certificatePem)) {
    // Whoever trusts it would have to trust what stands above it too, and everybody whom that signs.
    wrong.push('it is not self-signed: bring the root itself');
  }
  if (wrong.length === 0) return brought;
  throw new ConfigurationError(
    wrong.map((says) => ({ variable: CERTIFICATE, says: `cannot be the root: ${says}`, remedy: undefined })),
  );
}

async function credentialIn({ certificate, key, passphrase }: RootFiles): Promise<BroughtCredential> {
  const bytes = read(CERTIFICATE, certificate);
  const word = passphrase === undefined ? undefined : wordIn(read('--root-passphrase-file', passphrase));
  try {
    if (!bytes.includes('-----BEGIN ')) return await readBroughtPkcs12(bytes, word ?? new Secret(''));
    const keyBytes = key === undefined ? bytes : read('--root-key', key);
    const pem = { certificates: bytes.toString('latin1'), key: new Secret(keyBytes.toString('latin1')) };
    return readBroughtPem({ ...pem, ...(word && { passphrase: word }) });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new ConfigurationError([
      { variable: CERTIFICATE, says: `cannot be read (${error.message})`, remedy: undefined },
    ]);
  }
}

/** Its line end is the editor's. */
const wordIn = (bytes: Buffer): Secret<string> => new Secret(bytes.toString('utf8').replace(/\r?\n$/, ''));

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const says = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}): ${file}`;
    throw new ConfigurationError([{ variable: option, says, remedy: undefined }]);
  }
}

function isSelfSigned(pem: string): boolean {
  const certificate = new X509Certificate(pem);
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}
