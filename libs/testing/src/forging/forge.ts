import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential } from '@caravan/api';

/** Whoever signs: an authority of an installation whose key was stolen, or one that somebody made. */
export interface Signer {
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export interface Forgery {
  readonly subject?: string;
  /** URI names; default: none. */
  readonly uris?: readonly string[];
  readonly usage?: 'client' | 'server';
  readonly ca?: { readonly pathLength: number };
  /** Days from now. Default: from yesterday to tomorrow. */
  readonly from?: number;
  readonly until?: number;
}

const DAY_MS = 86_400_000;
/** As `openssl ca` takes a time: `20261122120000Z`. */
const timeIn = (days: number): string =>
  `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;

/**
 * Makes whatever certificates, with OpenSSL: those that our own code would never sign.
 * @throws Error where there is no `openssl` on PATH
 */
export class Forge {
  readonly #dir = mkdtempSync(join(tmpdir(), 'caravan-forge-'));
  #count = 0;

  close(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Signed by itself. */
  selfSigned(forgery: Forgery): Signer {
    const { dir, key } = this.#request(forgery);
    writeFileSync(join(dir, 'own.pem'), '');
    return { certificate: this.#sign(dir, forgery, ['-selfsign', '-keyfile', 'key.pem']), key };
  }

  signed(by: Signer, forgery: Forgery): Signer {
    const { dir, key } = this.#request(forgery);
    writeFileSync(join(dir, 'ca.pem'), by.certificate);
    writeFileSync(join(dir, 'ca.key'), by.key, { mode: 0o600 });
    return { certificate: this.#sign(dir, forgery, ['-cert', 'ca.pem', '-keyfile', 'ca.key']), key };
  }

  #request({ subject = '/CN=forged' }: Forgery): { dir: string; key: string } {
    const dir = join(this.#dir, String(++this.#count));
    mkdirSync(dir);
    openssl(
      dir,
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-utf8',
      '-keyout',
      'key.pem',
      '-out',
      'csr.pem',
      '-subj',
      subject,
    );
    return { dir, key: readFileSync(join(dir, 'key.pem'), 'utf8') };
  }

  #sign(
    dir: string,
    { uris = [], usage = 'client', ca, from = -1, until = 1 }: Forgery,
    how: readonly string[],
  ): string {
    const extensions = ca
      ? [`basicConstraints=critical,CA:TRUE,pathlen:${ca.pathLength}`, 'keyUsage=critical,keyCertSign,cRLSign']
      : ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature', `extendedKeyUsage=${usage}Auth`];
    const names = uris.length > 0 ? [`subjectAltName=${uris.map((uri) => `URI:${uri}`).join(',')}`] : [];
    const about = ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid:always'];
    const config = [
      '[ca]',
      'default_ca=forge',
      '[forge]',
      'database=index',
      'new_certs_dir=.',
      'default_md=sha256',
      'policy=any',
      'unique_subject=no',
      'rand_serial=yes',
      'x509_extensions=forged',
      '[any]',
      'commonName=optional',
      '[forged]',
      ...extensions,
      ...names,
      ...about,
    ];
    writeFileSync(join(dir, 'ca.cnf'), `${config.join('\n')}\n`);
    writeFileSync(join(dir, 'index'), '');
    const times = ['-startdate', timeIn(from), '-enddate', timeIn(until)];
    openssl(dir, 'ca', '-batch', '-config', 'ca.cnf', '-in', 'csr.pem', '-out', 'own.pem', '-notext', ...times, ...how);
    return readFileSync(join(dir, 'own.pem'), 'utf8');
  }
}

function openssl(cwd: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** As somebody presents it: the leaf, and what is sent along above it. */
export const presented = ({ certificate, key }: Signer, ...above: readonly Signer[]): Credential => ({
  chain: [certificate, ...above.map((each) => each.certificate)],
  key,
});
