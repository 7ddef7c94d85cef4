import { describe, expect, it } from 'vitest';
import { verifyChain } from './chain.js';
import { codeOf } from './code-of.fixture.js';
import type { Der } from './der.js';
import { decode, encode, implicit, integer, sequence, tagged } from './der.js';
import { basicConstraintsOfCa, GENERAL_NAME, nameConstraintsExtension, subjectAltName } from './extensions.js';
import { foreignCertificate } from './foreign.fixture.js';
import { canonicalHosts } from './hosts.js';
import { describeCertificate } from './certificate.js';
import { nameConstraintsOf } from './name-constraints.js';
import { generateKeyPair } from './randomness.js';
import { authorityKeyIdentifier } from './extensions.js';
import { INSTALLATION, NOW, tree } from './tree.fixture.js';

const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');
const dns = (name: string): Der => implicit(GENERAL_NAME.dNSName, ascii(name));
const uri = (host: string): Der => implicit(GENERAL_NAME.uri, ascii(host));
const ip = (...bytes: number[]): Der => implicit(GENERAL_NAME.iPAddress, Buffer.from(bytes));
const email = implicit(1, ascii('example.org'));
const directory = tagged(4, sequence());
const permitted = (...bases: Der[]): Der => sequence(tagged(0, ...bases.map((base) => sequence(base))));
const excluded = (...bases: Der[]): Der => sequence(tagged(1, ...bases.map((base) => sequence(base))));

/** What a chain comes to whose authority has these constraints, and whose leaf these names. */
function judged(constraints: Der, { identity, hosts = [] }: { identity?: string; hosts?: string[] }): string {
  const keyPair = generateKeyPair();
  const authority = foreignCertificate({
    subject: 'limited',
    keyPair,
    extensions: [basicConstraintsOfCa(0), nameConstraintsExtension(constraints)],
  });
  const leaf = foreignCertificate({
    extensions: [subjectAltName(identity, canonicalHosts(hosts)), authorityKeyIdentifier(Buffer.alloc(20))],
    issuer: { name: 'limited', keyPair },
  });
  const result = verifyChain(leaf, [], [authority], NOW);
  return result.ok ? 'ok' : result.code;
}

describe('an authority that limits names', () => {
  it.each<[string, Der, { identity?: string; hosts?: string[] }, string]>([
    ['an identity of its installation', permitted(uri('acme')), { identity: 'spiffe://acme/service/a' }, 'ok'],
    ['one of another', permitted(uri('acme')), { identity: 'spiffe://acme.example/service/a' }, 'not-permitted'],
    ['one that only ends like it', permitted(uri('acme')), { identity: 'spiffe://xacme/service/a' }, 'not-permitted'],
    [
      'a user in front of the host',
      permitted(uri('acme')),
      { identity: 'spiffe://acme@evil/service/a' },
      'not-permitted',
    ],
    ['a port behind it', permitted(uri('acme')), { identity: 'spiffe://acme:1/service/a' }, 'ok'],
    ['no host at all', permitted(uri('acme')), { identity: 'urn:acme' }, 'not-permitted'],
    ['a host below a domain', permitted(uri('.acme')), { identity: 'spiffe://one.acme/x' }, 'ok'],
    ['the domain itself', permitted(uri('.acme')), { identity: 'spiffe://acme/x' }, 'not-permitted'],
    ['names of forms that are not limited', permitted(uri('acme')), { hosts: ['any.example'] }, 'ok'],
    ['a name below', permitted(dns('example.org')), { hosts: ['a.example.org', 'Example.ORG'] }, 'ok'],
    ['one name that is not', permitted(dns('example.org')), { hosts: ['a.example.org', 'b.example'] }, 'not-permitted'],
    ['a name that only ends like it', permitted(dns('example.org')), { hosts: ['badexample.org'] }, 'not-permitted'],
    ['a name that is excluded', excluded(dns('example.org')), { hosts: ['a.example.org'] }, 'not-permitted'],
    ['any name when all are excluded', excluded(dns('')), { hosts: ['a'] }, 'not-permitted'],
    ['an address in its net', permitted(dns(''), ip(10, 0, 0, 0, 255, 0, 0, 0)), { hosts: ['10.1.2.3'] }, 'ok'],
    ['an address outside', permitted(ip(10, 0, 0, 0, 255, 0, 0, 0)), { hosts: ['11.1.2.3'] }, 'not-permitted'],
    ['an address of the other length', permitted(ip(10, 0, 0, 0, 255, 0, 0, 0)), { hosts: ['::1'] }, 'not-permitted'],
    ['a limit on e-mail addresses', excluded(email), {}, 'unsupported'],
    ['a limit on directory names', permitted(directory), {}, 'unsupported'],
  ])('judges %s', (_, constraints, names, verdict) => {
    const code = { ok: 'ok', 'not-permitted': 'chain.name-not-permitted', unsupported: 'chain.unsupported-extension' };
    expect(judged(constraints, names)).toBe(code[verdict as keyof typeof code]);
  });

  it('is malformed with limits that nobody may use, or no subtrees', () => {
    const limited = sequence(tagged(0, sequence(uri('acme'), tagged(0, integer(Buffer.of(1))))));
    for (const constraints of [limited, sequence(tagged(0, integer(Buffer.of(1)))), integer(Buffer.of(1))]) {
      const extensions = [basicConstraintsOfCa(0), nameConstraintsExtension(constraints)];
      expect(codeOf(() => describeCertificate(foreignCertificate({ extensions })))).toBe('certificate.malformed');
    }
  });

  it('has no extension when it limits nothing', () => {
    expect(nameConstraintsOf('any', 'acme')).toBeUndefined();
    const both = encode(nameConstraintsOf('no-hosts', 'acme')!);
    expect(encode(decode(both))).toEqual(both);
  });
});

describe('the tree', () => {
  const { authorities, leaf } = tree();
  const rogue = (ca: keyof typeof authorities, identity: string | undefined, hosts: string[]): string =>
    foreignCertificate({
      extensions: [subjectAltName(identity, canonicalHosts(hosts))],
      issuer: { name: `a ${ca}`, keyPair: authorities[ca].keyPair },
    });
  const above = (...names: (keyof typeof authorities)[]): string[] =>
    names.map((name) => authorities[name].certificatePem);
  const verdict = (certificate: string, through: string[]): string => {
    const result = verifyChain(certificate, through, above('root'), NOW);
    return result.ok ? 'ok' : result.code;
  };

  it('lets a stolen authority speak for its own installation only', () => {
    const through = above('managementCa');
    expect(verdict(rogue('managementCa', `spiffe://${INSTALLATION}/service/x`, []), through)).toBe('ok');
    expect(verdict(rogue('managementCa', 'spiffe://other/service/x', []), through)).toBe('chain.name-not-permitted');
    const infrastructure = above('infrastructureCa', 'backboneCa');
    expect(verdict(rogue('infrastructureCa', 'spiffe://other/service/x', []), infrastructure)).toBe(
      'chain.name-not-permitted',
    );
  });

  it('lets a stolen authority of members or claims make no server, whoever trusts the root', () => {
    for (const ca of ['memberCa', 'claimCa'] as const) {
      const through = above(ca, 'networkCa', 'backboneCa');
      for (const host of ['relay.example.org', '192.0.2.7', '2001:db8::7']) {
        expect(verdict(rogue(ca, undefined, [host]), through)).toBe('chain.name-not-permitted');
      }
      expect(verdict(rogue(ca, `spiffe://${INSTALLATION}/network/n1/member/x`, []), through)).toBe('ok');
    }
  });

  it('says so at the lowest authorities too, whatever those above them leave out', () => {
    const alone = (ca: keyof typeof authorities, identity: string, hosts: string[] = []) => {
      const result = verifyChain(rogue(ca, identity, hosts), [], above(ca), NOW);
      return result.ok ? 'ok' : result.code;
    };
    for (const ca of ['infrastructureCa', 'memberCa', 'claimCa'] as const) {
      expect(alone(ca, `spiffe://${INSTALLATION}/x`)).toBe('ok');
      expect(alone(ca, 'spiffe://other/x')).toBe('chain.name-not-permitted');
      const host = alone(ca, `spiffe://${INSTALLATION}/x`, ['relay.example.org']);
      expect(host).toBe(ca === 'infrastructureCa' ? 'ok' : 'chain.name-not-permitted');
    }
  });

  it('limits no server under the infrastructure authority', () => {
    const { certificatePem } = leaf('accessPoint');
    expect(verdict(certificatePem, above('infrastructureCa', 'backboneCa'))).toBe('ok');
  });
});
