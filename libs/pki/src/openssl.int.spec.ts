import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCsr, readCsr } from './csr.js';
import { exportPrivateKey, publicKeyFingerprint } from './keys.js';
import type { LeafProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import type { KeyKind } from './randomness.js';
import { generateKeyPair } from './randomness.js';
import type { Tree } from './tree.fixture.js';
import { codeOf } from './code-of.fixture.js';
import { NOW, tree } from './tree.fixture.js';

/** OpenSSL's own opinion, by its command line: the strictest verifier that most peers have. */
const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
const hasOpenssl = version.status === 0;
const whenPresent = hasOpenssl ? describe : describe.skip;
if (!hasOpenssl) {
  process.stderr.write(`openssl.int.spec: skipped, no openssl on PATH (${version.error?.message ?? version.stderr})\n`);
}

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'caravan-pki-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function openssl(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

interface Verification {
  readonly leaf: string;
  readonly untrusted?: readonly string[];
  readonly trusted: string;
  readonly purpose: 'sslclient' | 'sslserver';
  readonly options?: readonly string[];
}

function verify({ leaf, untrusted = [], trusted, purpose, options = [] }: Verification) {
  const intermediates = untrusted.length > 0 ? ['-untrusted', file('untrusted.pem', untrusted.join(''))] : [];
  const time = ['-attime', String(NOW.getTime() / 1000)];
  return openssl(
    ...['verify', '-x509_strict', '-no-CApath', '-no-CAstore', '-purpose', purpose, ...time, ...options],
    ...['-CAfile', file('trusted.pem', trusted), ...intermediates, file('leaf.pem', leaf)],
  );
}

const LEAVES = Object.entries(PROFILES).flatMap(([name, profile]) =>
  profile.kind === 'leaf' ? [[name as LeafProfileName, profile] as const] : [],
);

whenPresent('openssl verify -x509_strict', () => {
  describe.each<KeyKind>(['ec-p256', 'rsa-2048'])('on a tree of %s authorities', (keyKind) => {
    let made: Tree;
    beforeAll(() => void (made = tree(keyKind)));

    it.each(LEAVES)('accepts a %s for its usages and refuses it for others', (name, profile) => {
      const leaf = made.leaf(name).certificatePem;
      const untrusted = made.intermediates(name);
      const trusted = made.authorities.root.certificatePem;
      for (const usage of ['client', 'server'] as const) {
        const { status, output } = verify({ leaf, untrusted, trusted, purpose: `ssl${usage}` });
        expect({ status, output }).toEqual(
          profile.usages.includes(usage)
            ? { status: 0, output: expect.stringContaining('OK') }
            : { status: 2, output: expect.stringMatching(/unsuitable certificate purpose/i) },
        );
      }
    });

    it('accepts a leaf under its lowest authority alone, and refuses it under the sister', () => {
      const options = ['-partial_chain'];
      const leaf = made.leaf('member').certificatePem;
      const { memberCa, claimCa } = made.authorities;
      const under = (ca: typeof memberCa) =>
        verify({ leaf, trusted: ca.certificatePem, purpose: 'sslclient', options });
      expect(under(memberCa)).toEqual({ status: 0, output: expect.stringContaining('OK') });
      expect(under(claimCa)).toEqual({ status: 2, output: expect.stringContaining('unable to get local issuer') });
    });

    it('takes a server for its hosts and for no other', () => {
      const server = { leaf: made.leaf('accessPoint').certificatePem, untrusted: made.intermediates('accessPoint') };
      const accepts = (...options: string[]) =>
        verify({ ...server, trusted: made.authorities.root.certificatePem, purpose: 'sslserver', options }).status;
      expect(accepts('-verify_hostname', 'relay.example.org')).toBe(0);
      expect(accepts('-verify_ip', '2001:db8::7')).toBe(0);
      expect(accepts('-verify_hostname', 'other.example.org')).toBe(2);
      // The common name is no host.
      expect(accepts('-verify_hostname', 'a accessPoint')).toBe(2);
    });
  });
});

whenPresent('openssl req', () => {
  it.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])(
    'verifies our request for a %s key, as we do its own',
    (keyKind) => {
      const keyPair = generateKeyPair(keyKind);
      const ours = file('ours.csr', createCsr({ subject: { commonName: 'ours' }, keyPair, profile: 'backboneCa' }));
      const checked = openssl('req', '-verify', '-noout', '-text', '-in', ours);
      expect(checked.status).toBe(0);
      expect(checked.output).toMatch(/CA:TRUE, pathlen:2/);

      const key = file('theirs.key', exportPrivateKey(keyPair.privateKey).reveal());
      const theirs = openssl(
        'req',
        '-new',
        '-key',
        key,
        '-subj',
        '/O=Example/CN=theirs',
        '-addext',
        'subjectAltName=DNS:a.example',
      );
      expect(readCsr(theirs.output)).toMatchObject({
        publicKeyFingerprint: publicKeyFingerprint(keyPair.publicKey),
        subject: { commonName: 'theirs' },
      });
    },
  );

  it('makes requests with SHA-1 that we refuse', () => {
    const key = file('old.key', exportPrivateKey(generateKeyPair('rsa-2048').privateKey).reveal());
    const old = openssl('req', '-new', '-sha1', '-key', key, '-subj', '/CN=old');
    expect(codeOf(() => readCsr(old.output))).toBe('csr.bad-signature');
  });
});
