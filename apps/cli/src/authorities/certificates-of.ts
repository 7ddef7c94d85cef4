import { CliError } from '../failures/cli-error.js';
import { fileText, UnfitFile } from '../files/file-text.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
/** More than any chain has, and less than a server takes. */
const MOST_BYTES = 256 * 1024;

/** What `certificatesOf` finds in a file; `named`: as its reader named it. @throws CliError `cli.no-certificate`, and what the system says */
export async function certificatesIn(path: string, named: string): Promise<string> {
  try {
    return certificatesOf(await fileText(path, MOST_BYTES), named);
  } catch (error) {
    if (error instanceof UnfitFile) throw none(`There is no PEM certificate in it: ${error.message}.`, named);
    throw error;
  }
}

/**
 * The certificates of a PEM text and nothing else of it: the file of whoever signs may hold a key too, and nobody is sent that.
 *
 * @throws CliError `cli.no-certificate`
 */
export function certificatesOf(text: string, file: string): string {
  const found = text.match(CERTIFICATE);
  if (found) return found.map((each) => `${each}\n`).join('');
  throw none('There is no PEM certificate in it.', file);
}

const none = (says: string, file: string): CliError =>
  new CliError('cli.no-certificate', says, {
    at: file,
    remedy: `if it is DER: openssl x509 -inform DER -in ${file} -out ${file}.pem`,
  });
