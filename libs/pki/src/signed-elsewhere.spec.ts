import { describe, expect, it } from 'vitest';
import type { CaProfileName } from './profiles.js';
import { misplacementOf, readSignedElsewhere } from './signed-elsewhere.js';
import type { AskedFor } from './signed-elsewhere.js';
import { DAY, INSTALLATION, issue, NOW, tree } from './tree.fixture.js';
import type { Holder } from './tree.fixture.js';

const { authorities } = tree();
const { root } = authorities;
const other = tree().authorities;

const asked = (of: Holder, profile: CaProfileName, changes: Partial<AskedFor> = {}): AskedFor => ({
  profile,
  installation: INSTALLATION,
  now: NOW,
  publicKeyFingerprint: of.publicKeyFingerprint,
  root: root.certificatePem,
  ...changes,
});
const codes = (of: Holder, profile: CaProfileName, intermediates: Holder[] = [], changes: Partial<AskedFor> = {}) =>
  misplacementOf(
    { certificatePem: of.certificatePem, intermediates: intermediates.map(({ certificatePem }) => certificatePem) },
    asked(of, profile, changes),
  ).map(({ code }) => code);

describe('an authority that was signed elsewhere', () => {
  const { backboneCa, networkCa, managementCa, claimCa } = authorities;

  it('stands where it was asked for, below the root or below others', () => {
    expect(codes(backboneCa, 'backboneCa')).toEqual([]);
    expect(codes(managementCa, 'managementCa')).toEqual([]);
    expect(codes(networkCa, 'networkCa', [backboneCa])).toEqual([]);
  });

  it('is refused when it does not stand below the root', () => {
    expect(codes(networkCa, 'networkCa')).toEqual(['issuer.chain-broken']);
    expect(codes(networkCa, 'networkCa', [other.backboneCa])).toEqual(['issuer.chain-broken']);
    expect(codes(other.backboneCa, 'backboneCa')).toEqual(['issuer.chain-broken']);
  });

  it('is refused when those above it leave no room for those below it', () => {
    const low = issue(root, 'networkCa', {});
    expect(codes(issue(root, 'backboneCa', {}), 'backboneCa')).toEqual([]);
    expect(codes(low, 'backboneCa')).toEqual(['issuer.path-too-short']);
    // OpenSSL would say so at the first member, of a chain that nobody can mend any more.
    const under = issue(backboneCa, 'networkCa', {});
    expect(codes(under, 'backboneCa', [backboneCa])).toEqual([
      'issuer.path-too-short',
      'issuer.chain-broken',
      'issuer.chain-broken',
    ]);
  });

  it('may not make authorities where it is to sign leaves', () => {
    // Both may name no host, and nats-server is one.
    const limited = 'issuer.names-limited';
    expect(codes(networkCa, 'managementCa', [backboneCa])).toEqual([limited, 'issuer.path-too-long']);
    // Nothing that stands between may forbid it either.
    expect(codes(claimCa, 'managementCa', [networkCa, backboneCa])).toEqual([limited, limited]);
  });

  it('is refused with another key than that of the request', () => {
    const { publicKeyFingerprint } = other.backboneCa;
    expect(codes(backboneCa, 'backboneCa', [], { publicKeyFingerprint })).toEqual(['issuer.key-mismatch']);
  });

  it('ends no later than what is above it and than its network', () => {
    expect(codes(networkCa, 'networkCa', [backboneCa], { until: new Date(NOW.getTime() + DAY) })).toEqual([
      'issuer.lasts-too-long',
    ]);
    const short = issue(root, 'backboneCa', { lifetimeMs: DAY });
    expect(codes(networkCa, 'networkCa', [short])).toEqual(['issuer.lasts-too-long', 'issuer.chain-broken']);
  });

  it('is refused before its time and after, once, and with whom among those above it is over', () => {
    const late = { now: new Date(Date.parse(backboneCa.notAfter) + DAY) };
    expect(codes(backboneCa, 'backboneCa', [], late)).toEqual(['issuer.expired']);
    const short = issue(root, 'backboneCa', { lifetimeMs: DAY });
    const below = issue(short, 'networkCa', { lifetimeMs: DAY / 2 });
    expect(codes(below, 'networkCa', [short], { now: new Date(NOW.getTime() + 2 * DAY) })).toEqual(['issuer.expired']);
  });

  it('is no leaf', () => {
    const { leaf } = tree();
    expect(codes(leaf('member'), 'backboneCa')).toContain('issuer.not-a-ca');
  });
});

describe('the answer to a request', () => {
  const { backboneCa, networkCa } = authorities;
  const read = (of: Holder, ...texts: Holder[]) =>
    readSignedElsewhere(texts.map(({ certificatePem }) => certificatePem).join(''), asked(of, 'networkCa'));

  it('is found by its key, whatever else is brought and in whatever order', () => {
    const found = { certificatePem: networkCa.certificatePem, intermediates: [backboneCa.certificatePem] };
    expect(read(networkCa, networkCa, backboneCa, root)).toEqual(found);
    expect(read(networkCa, root, other.claimCa, backboneCa, networkCa)).toEqual(found);
    expect(read(backboneCa, networkCa, backboneCa)).toEqual({
      certificatePem: backboneCa.certificatePem,
      intermediates: [],
    });
  });

  it('is not there', () => {
    expect(() => read(networkCa, backboneCa, root)).toThrow('credential.incomplete');
    expect(() => readSignedElsewhere('', asked(networkCa, 'networkCa'))).toThrow('credential.incomplete');
    expect(() => readSignedElsewhere('nothing', asked(networkCa, 'networkCa'))).toThrow('certificate.malformed');
  });
});
