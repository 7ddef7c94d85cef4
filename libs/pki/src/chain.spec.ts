import { describe, expect, it } from 'vitest';
import { splitChain, verifyChain } from './chain.js';
import { booleanTrue, nullValue, sequence } from './der.js';
import { basicConstraintsOfCa } from './extensions.js';
import { foreignCertificate, foreignExtension } from './foreign.fixture.js';
import { generateKeyPair } from './randomness.js';
import { codeOf } from './code-of.fixture.js';
import { DAY, ISSUED_BY, NOW, issue, tree, usual } from './tree.fixture.js';
import type { LeafProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';

const { authorities, leaf, intermediates } = tree();
const pemOf = (name: keyof typeof authorities): string => authorities[name].certificatePem;
const member = leaf('member').certificatePem;
const root = pemOf('root');
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);

const codeFor = (...args: Parameters<typeof verifyChain>): string => {
  const result = verifyChain(...args);
  return result.ok ? 'ok' : result.code;
};

describe('a chain', () => {
  const leaves = Object.entries(PROFILES).flatMap(([name, { kind }]) =>
    kind === 'leaf' ? [name as LeafProfileName] : [],
  );

  it.each(leaves)('leads from a %s to the root, through all authorities between', (profile) => {
    const { certificatePem } = leaf(profile);
    const result = verifyChain(certificatePem, intermediates(profile).reverse(), [root], NOW);
    expect(result).toEqual({ ok: true, chain: [certificatePem, ...intermediates(profile), root] });
  });

  it('ends at the first anchor it meets, be it a root or not', () => {
    expect(verifyChain(member, intermediates('member'), [pemOf('networkCa'), pemOf('memberCa')], NOW)).toEqual({
      ok: true,
      chain: [member, pemOf('memberCa')],
    });
  });

  it('leads from an authority to the one above it, and from an anchor to itself', () => {
    expect(codeFor(pemOf('memberCa'), [pemOf('networkCa'), pemOf('backboneCa')], [root], NOW)).toBe('ok');
    expect(codeFor(root, [], [root], NOW)).toBe('ok');
  });

  it('finds its way among authorities of the same name', () => {
    const renewed = issue(authorities.networkCa, 'memberCa', {});
    expect(codeFor(member, [], [renewed.certificatePem, pemOf('memberCa')], NOW)).toBe('ok');
    expect(codeFor(member, [], [renewed.certificatePem], NOW)).toBe('chain.bad-signature');
  });

  it('holds for the usage that the certificate was made for', () => {
    expect(codeFor(member, [], [pemOf('memberCa')], NOW, 'client')).toBe('ok');
    expect(codeFor(member, [], [pemOf('memberCa')], NOW, 'server')).toBe('chain.wrong-usage');
  });
});

describe('a chain does not hold', () => {
  it('for a leaf of the sister authority, which is how networks and claims are kept apart', () => {
    const claim = leaf('claim').certificatePem;
    expect(codeFor(claim, intermediates('claim'), [pemOf('memberCa')], NOW)).toBe('chain.unknown-issuer');
    expect(codeFor(claim, intermediates('claim'), [pemOf('claimCa')], NOW)).toBe('ok');
  });

  it('without anchors, or with one that signed none of it', () => {
    expect(codeFor(member, [...intermediates('member'), root], [], NOW)).toBe('chain.unknown-issuer');
    expect(codeFor(member, intermediates('member'), [tree().authorities.root.certificatePem], NOW)).toBe(
      'chain.bad-signature',
    );
  });

  it('with a link missing', () => {
    expect(codeFor(member, [pemOf('memberCa'), pemOf('backboneCa')], [root], NOW)).toBe('chain.unknown-issuer');
  });

  it('before and after the time of any of its certificates', () => {
    expect(codeFor(member, [], [pemOf('memberCa')], later(-1))).toBe('chain.not-yet-valid');
    expect(codeFor(member, [], [pemOf('memberCa')], later(91))).toBe('chain.expired');
    const young = issue(authorities.networkCa, 'memberCa', { window: { notBefore: later(10) } });
    const future = issue(young, 'member', usual('member'));
    expect(codeFor(future.certificatePem, [young.certificatePem], [pemOf('networkCa')], NOW)).toBe(
      'chain.not-yet-valid',
    );
    // A leaf that outlives its authority cannot be issued here, so this one is foreign.
    const short = issue(authorities.networkCa, 'memberCa', { lifetimeMs: 1000, commonName: 'short' });
    const foreign = foreignCertificate({ issuer: { name: 'short', keyPair: short.keyPair } });
    expect(codeFor(foreign, [short.certificatePem], [pemOf('networkCa')], later(0.5))).toBe('chain.expired');
    expect(codeFor(foreign, [short.certificatePem], [pemOf('networkCa')], NOW)).toBe('ok');
  });

  it('through a certificate that is no authority', () => {
    const holder = leaf('member', { commonName: 'holder' });
    const forged = foreignCertificate({ issuer: { name: 'holder', keyPair: holder.keyPair } });
    expect(codeFor(forged, [holder.certificatePem], [pemOf('memberCa')], NOW)).toBe('chain.not-a-ca');
  });

  it('through more authorities than one above them allows', () => {
    const rogueKey = generateKeyPair();
    const rogue = foreignCertificate({
      subject: 'rogue',
      keyPair: rogueKey,
      extensions: [basicConstraintsOfCa(undefined)],
      issuer: { name: 'a memberCa', keyPair: authorities.memberCa.keyPair },
    });
    const forged = foreignCertificate({ issuer: { name: 'rogue', keyPair: rogueKey } });
    expect(codeFor(forged, [rogue], [pemOf('memberCa')], NOW)).toBe('chain.path-too-long');
    expect(codeFor(forged, [], [rogue], NOW)).toBe('ok');
  });

  it('with a critical extension that means nothing here', () => {
    const unknown = foreignExtension('1.2.3.4', sequence(booleanTrue()), true);
    const issuer = { name: 'a memberCa', keyPair: authorities.memberCa.keyPair };
    const critical = foreignCertificate({ extensions: [unknown], issuer });
    expect(codeFor(critical, [], [pemOf('memberCa')], NOW)).toBe('chain.unsupported-extension');
    const harmless = foreignCertificate({ extensions: [foreignExtension('1.2.3.4', nullValue())], issuer });
    expect(codeFor(harmless, [], [pemOf('memberCa')], NOW)).toBe('ok');
  });

  it('when it is longer than any tree, or goes in circles', () => {
    expect(codeFor(member, Array<string>(17).fill(pemOf('memberCa')), [root], NOW)).toBe('chain.too-long');
    const keyPair = generateKeyPair();
    const circle = Array.from({ length: 16 }, () =>
      foreignCertificate({ subject: 'c', keyPair, extensions: [basicConstraintsOfCa(undefined)] }),
    );
    expect(codeFor(circle[0]!, circle.slice(1), [root], NOW)).toBe('chain.too-long');
  });

  it('when a part of it cannot be read', () => {
    expect(codeFor('nonsense', [], [root], NOW)).toBe('chain.malformed');
    expect(codeFor(member, ['nonsense'], [root], NOW)).toBe('chain.malformed');
  });
});

describe('a bundle', () => {
  it('is its certificates in order, whatever text surrounds them', () => {
    const bundle = `a comment\r\n${member.replaceAll('\n', '\r\n')}another\n${root}`;
    expect(splitChain(bundle)).toEqual([member, root]);
    expect(splitChain(' \n')).toEqual([]);
  });

  it('is malformed when it lost a certificate', () => {
    expect(codeOf(() => splitChain(member + root.replace('-----END', '----END')))).toBe('certificate.malformed');
    expect(codeOf(() => splitChain(member + root.replace('M', '*')))).toBe('certificate.malformed');
    expect(codeOf(() => splitChain('nonsense'))).toBe('certificate.malformed');
  });

  it('has a profile above each of its members', () => {
    expect(Object.keys({ root: 'root', ...ISSUED_BY }).toSorted()).toEqual(Object.keys(PROFILES).toSorted());
  });
});
