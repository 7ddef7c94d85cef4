import { X509Certificate } from 'node:crypto';
import { PkiError, readBroughtPem, readBroughtPkcs12, Secret, splitChain, unfitnessOf } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import type { BroughtRoot } from '../authorities/establish.js';
import { readOption } from './read-option.js';

/** Files that hold a root which somebody made elsewhere. */
export interface RootFiles {
  /** PEM, or PKCS#12 with its key. */
  readonly certificate: string;
  /** PEM; undefined when the key is in the same file. */
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  /** Nobody here gets to see it. */
  readonly isKeyElsewhere: boolean;
}

const CERTIFICATE = '--root-certificate';

/**
 * A root to seal and sign with, or to stand below; held against everything that is asked of one before anything is written.
 *
 * @throws ConfigurationError that names all that is wrong with it
 */
export async function readBroughtRoot(files: RootFiles, installation: string, now: Date): Promise<BroughtRoot> {
  const brought = await readable(files);
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

async function readable(files: RootFiles): Promise<BroughtRoot> {
  try {
    return files.isKeyElsewhere ? certificateIn(files) : await credentialIn(files);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const says = `cannot be read (${error.message})`;
    throw new ConfigurationError([{ variable: CERTIFICATE, says, remedy: undefined }]);
  }
}

function certificateIn({ certificate }: RootFiles): BroughtRoot {
  const text = readOption(CERTIFICATE, certificate).toString('latin1');
  if (text.includes('PRIVATE KEY-----')) {
    const says = 'holds a private key, which is to stay elsewhere';
    throw new ConfigurationError([{ variable: CERTIFICATE, says, remedy: 'bring the certificate alone' }]);
  }
  const [certificatePem = '', ...more] = splitChain(text);
  if (more.length > 0) throw new PkiError('certificate.malformed', 'the root alone is expected');
  return { certificatePem, privateKey: undefined };
}

async function credentialIn({ certificate, key, passphrase }: RootFiles): Promise<BroughtRoot> {
  const bytes = readOption(CERTIFICATE, certificate);
  const word = passphrase === undefined ? undefined : wordIn(readOption('--root-passphrase-file', passphrase));
  if (!bytes.includes('-----BEGIN ')) return readBroughtPkcs12(bytes, word ?? new Secret(''));
  const keyBytes = key === undefined ? bytes : readOption('--root-key', key);
  const pem = { certificates: bytes.toString('latin1'), key: new Secret(keyBytes.toString('latin1')) };
  return readBroughtPem({ ...pem, ...(word && { passphrase: word }) });
}

/** Its line end is the editor's. */
const wordIn = (bytes: Buffer): Secret<string> => new Secret(bytes.toString('utf8').replace(/\r?\n$/, ''));

function isSelfSigned(pem: string): boolean {
  const certificate = new X509Certificate(pem);
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}
