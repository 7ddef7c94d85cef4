import { beforeAll, describe, expect, it } from 'vitest';
import { createCsr, readCsr } from './csr.js';
import { authorityKeyIdentifier, subjectAltName, subjectKeyIdentifier } from './extensions.js';
import { foreignCertificate } from './foreign.fixture.js';
import { canonicalHosts } from './hosts.js';
import { exportPrivateKey, publicKeyFingerprint } from './keys.js';
import type { LeafProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import type { KeyKind } from './randomness.js';
import { generateKeyPair } from './randomness.js';
import type { Tree } from './tree.fixture.js';
import { codeOf } from './code-of.fixture.js';
import { file, openssl, verify, whenPresent } from './openssl.fixture.js';
import { INSTALLATION, tree } from './tree.fixture.js';

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

    it('accepts one that says where revoked certificates are listed', () => {
      const urls = ['http://crl.example.org/1.crl', 'https://crl.example.org/1.crl'];
      const { certificatePem } = made.leaf('member', { crlUrls: urls });
      const trusted = made.authorities.root.certificatePem;
      expect(
        verify({ leaf: certificatePem, untrusted: made.intermediates('member'), trusted, purpose: 'sslclient' }).status,
      ).toBe(0);
      const { output } = openssl('x509', '-noout', '-text', '-in', file('member.pem', certificatePem));
      for (const url of urls) expect(output).toContain(`URI:${url}`);
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

whenPresent('openssl verify of names', () => {
  const { authorities, intermediates } = tree();
  const rogue = (ca: 'memberCa' | 'infrastructureCa', identity: string, hosts: string[]) =>
    foreignCertificate({
      extensions: [
        subjectAltName(identity, canonicalHosts(hosts)),
        subjectKeyIdentifier(Buffer.alloc(20)),
        authorityKeyIdentifier(Buffer.from(authorities[ca].skid!, 'hex')),
      ],
      issuer: { name: `a ${ca}`, keyPair: authorities[ca].keyPair },
    });
  const member = (identity: string, hosts: string[] = []) =>
    verify({
      leaf: rogue('memberCa', identity, hosts),
      untrusted: intermediates('member'),
      trusted: authorities.root.certificatePem,
      purpose: 'sslclient',
    });

  it('refuses hosts under the authority of members, and identities of another installation', () => {
    const ours = `spiffe://${INSTALLATION}/network/n1/member/x`;
    expect(member(ours).status).toBe(0);
    expect(member(ours, ['relay.example.org']).output).toContain('excluded subtree violation');
    expect(member(ours, ['2001:db8::7']).output).toContain('excluded subtree violation');
    expect(member('spiffe://other/network/n1/member/x').output).toContain('permitted subtree violation');
  });
});

whenPresent('openssl req', () => {
  it.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])(
    'verifies our request for a %s key, as we do its own',
    (keyKind) => {
      const keyPair = generateKeyPair(keyKind);
      const authority = { profile: 'networkCa', installation: 'acme' } as const;
      const ours = file('ours.csr', createCsr({ subject: { commonName: 'ours' }, keyPair, authority }));
      const checked = openssl('req', '-verify', '-noout', '-text', '-in', ours);
      expect(checked.status).toBe(0);
      expect(checked.output).toMatch(/CA:TRUE, pathlen:1/);
      expect(checked.output).toMatch(/Name Constraints: critical\s+Permitted:\s+URI:acme\s+Excluded:\s+DNS:\s+IP:0/);

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
