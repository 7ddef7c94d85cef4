import { describe } from 'vitest';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOW } from './tree.fixture.js';

/** OpenSSL's own opinion, by its command line: the strictest verifier that most peers have. */
const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
const hasOpenssl = version.status === 0;
export const whenPresent = hasOpenssl ? describe : describe.skip;
if (!hasOpenssl) {
  process.stderr.write(`openssl: skipped, no openssl on PATH (${version.error?.message ?? version.stderr})\n`);
}

const directory = mkdtempSync(join(tmpdir(), 'caravan-pki-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

/** Of a file in this process's directory, which goes with it. */
export const pathOf = (name: string): string => join(directory, name);

export function file(name: string, text: string): string {
  const path = pathOf(name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

export function openssl(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

export interface Verification {
  readonly leaf: string;
  readonly untrusted?: readonly string[];
  readonly trusted: string;
  readonly purpose: 'sslclient' | 'sslserver';
  readonly options?: readonly string[];
}

export function verify({ leaf, untrusted = [], trusted, purpose, options = [] }: Verification) {
  const intermediates = untrusted.length > 0 ? ['-untrusted', file('untrusted.pem', untrusted.join(''))] : [];
  const time = ['-attime', String(NOW.getTime() / 1000)];
  return openssl(
    ...['verify', '-x509_strict', '-no-CApath', '-no-CAstore', '-purpose', purpose, ...time, ...options],
    ...['-CAfile', file('trusted.pem', trusted), ...intermediates, file('leaf.pem', leaf)],
  );
}
