import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CA_EXTENSIONS = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
const P256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'EC P-256': P256,
  'EC P-384': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'RSA 2048': ['rsa:2048'],
  'RSA 1024': ['rsa:1024'],
};

export interface Signing {
  readonly extensions?: readonly string[];
  readonly days?: number;
  /** The name that it was made with: `sub`. */
  readonly by?: string;
}

/** A directory in which an administrator makes authorities with OpenSSL. */
export class OwnRoot {
  readonly directory = mkdtempSync(join(tmpdir(), 'caravan-root-'));

  at(name: string): string {
    return join(this.directory, name);
  }

  openssl(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.directory, stdio: 'pipe', encoding: 'utf8' });
  }

  text(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** What OpenSSL reads in a request: the usages that it asks for, in cert-manager's words. */
  requested(csr: string): { isCa: boolean; usages: string[] } {
    writeFileSync(this.at('read.csr'), csr);
    const shown = this.openssl('req', '-in', 'read.csr', '-noout', '-text');
    const usages = {
      'Certificate Sign': 'cert sign',
      'CRL Sign': 'crl sign',
      'Digital Signature': 'digital signature',
    };
    const asked = Object.entries(usages).filter(([words]) => shown.includes(words));
    return { isCa: shown.includes('CA:TRUE'), usages: asked.map(([, name]) => name) };
  }

  /** `root.pem` and `root.key`. */
  make(extensions: readonly string[] = CA_EXTENSIONS, key = 'EC P-256'): void {
    this.openssl(
      ...['req', '-x509', '-newkey', ...KEYS[key]!, '-nodes', '-keyout', 'root.key', '-out', 'root.pem'],
      ...['-days', '3650', '-subj', '/CN=Acme Root', ...extensions.flatMap((extension) => ['-addext', extension])],
    );
  }

  /** `sub.pem` and `sub.key`, below the root; others under their names. */
  makeBelow(name = 'sub', by = 'root'): void {
    this.#ask(name, `Acme ${name}`);
    writeFileSync(this.at('extensions'), CA_EXTENSIONS.join('\n'));
    const above = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-days', '99', '-extfile', 'extensions'];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...above, '-out', `${name}.pem`);
  }

  /** A request of nobody here, PEM. */
  request(): string {
    return this.#ask('other', 'Other');
  }

  /** The certificate for a request, by the root or `sub`: as it asks, unless other extensions are given. PEM. */
  sign(csr: string, { extensions, days = 90, by = 'root' }: Signing = {}): string {
    writeFileSync(this.at('asked.csr'), csr);
    writeFileSync(this.at('extensions'), extensions?.join('\n') ?? '');
    const as = extensions ? ['-extfile', 'extensions'] : ['-copy_extensions', 'copyall'];
    const ca = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-days', String(days)];
    return this.openssl('x509', '-req', '-in', 'asked.csr', ...ca, ...as);
  }

  /** A server's certificate for a host, by the root, and its key. PEM. */
  server(host: string, signing: Signing = {}): { readonly chain: string; readonly key: string } {
    const csr = this.#ask('leaf', host);
    const name = /^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`;
    const extensions = [`subjectAltName=${name}`];
    return { chain: this.sign(csr, { extensions, ...signing }), key: this.text('leaf.key') };
  }

  makeOtherKey(file: string): void {
    this.openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file);
  }

  sealKey(word: string): void {
    this.openssl('pkcs8', '-topk8', '-in', 'root.key', '-out', 'sealed.key', '-passout', `pass:${word}`);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** `<name>.key` and `<name>.csr`. Answers the request, PEM. */
  #ask(name: string, commonName: string): string {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`];
    this.openssl('req', '-newkey', ...P256, '-nodes', ...files, '-subj', `/CN=${commonName}`);
    return this.text(`${name}.csr`);
  }
}
