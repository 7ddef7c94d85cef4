import { CliError } from '../failures/cli-error.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM text and nothing else of it: the file of whoever signs may hold a key too, and nobody is sent that.
 *
 * @throws CliError `cli.no-certificate`
 */
export function certificatesOf(text: string, file: string): string {
  const found = text.match(CERTIFICATE);
  if (found) return found.map((each) => `${each}\n`).join('');
  throw new CliError('cli.no-certificate', 'There is no PEM certificate in it.', {
    at: file,
    remedy: `if it is DER: openssl x509 -inform DER -in ${file} -out ${file}.pem`,
  });
}
