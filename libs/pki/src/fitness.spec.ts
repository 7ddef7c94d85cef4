import { describe, expect, it } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import type { Der } from './der.js';
import { bits, booleanTrue, implicit, oid, sequence, tagged } from './der.js';
import {
  basicConstraintsOfCa,
  extendedKeyUsage,
  GENERAL_NAME,
  keyUsageOfCa,
  nameConstraintsExtension,
} from './extensions.js';
import type { Place, Unfitness } from './fitness.js';
import { unfitnessOf } from './fitness.js';
import { foreignCertificate, foreignExtension } from './foreign.fixture.js';
import { OID } from './oids.js';
import { generateKeyPair } from './randomness.js';
import { DAY, INSTALLATION, NOW, tree } from './tree.fixture.js';

const { authorities, leaf } = tree();
const keyPair = generateKeyPair();
const atRoot: Place = { profile: 'root', installation: INSTALLATION, now: NOW };
const codes = (found: readonly Unfitness[]): string[] => found.map(({ code }) => code);

/** A foreign authority that has these extensions, at the place of a root unless another is named. */
const foreign = (extensions: readonly Der[], place: Partial<Place> = {}): string[] =>
  codes(
    unfitnessOf(
      { certificatePem: foreignCertificate({ keyPair, extensions }), privateKey: keyPair.privateKey },
      { ...atRoot, ...place },
    ),
  );
const ca = basicConstraintsOfCa(undefined);
const keyUsage = (byte: number): Der => foreignExtension(OID.keyUsage, bits(Buffer.of(byte), 1), true);
const permitted = (base: Der): Der => nameConstraintsExtension(sequence(tagged(0, sequence(base))));
const uri = (host: string): Der => implicit(GENERAL_NAME.uri, Buffer.from(host));
const dns = (name: string): Der => implicit(GENERAL_NAME.dNSName, Buffer.from(name));
const address = (...bytes: number[]): Der => implicit(GENERAL_NAME.iPAddress, Buffer.from(bytes));

describe('an authority that is brought', () => {
  it('is fit for its own place in the tree', () => {
    for (const profile of ['root', 'backboneCa', 'networkCa', 'memberCa'] as const) {
      const { certificatePem, keyPair: own } = authorities[profile];
      expect(unfitnessOf({ certificatePem, privateKey: own.privateKey }, { ...atRoot, profile })).toEqual([]);
    }
  });

  it('may limit the hosts of backbones and networks', () => {
    for (const profile of ['backboneCa', 'networkCa'] as const)
      expect(foreign([ca, permitted(dns('example.org'))], { profile })).toEqual([]);
  });

  it('is fit when it says little: no limit, no usages', () => {
    expect(foreign([ca])).toEqual([]);
    expect(foreign([ca, keyUsageOfCa(), extendedKeyUsage(['client', 'server'])])).toEqual([]);
  });

  it('may keep its key elsewhere', () => {
    expect(unfitnessOf({ certificatePem: authorities.root.certificatePem, privateKey: undefined }, atRoot)).toEqual([]);
  });

  it.each<[string, readonly Der[], string]>([
    ['no authority', [], 'issuer.not-a-ca'],
    [
      'one that does not insist on being one',
      [foreignExtension(OID.basicConstraints, sequence(booleanTrue()), false)],
      'issuer.not-a-ca',
    ],
    ['of a path length that leaves no room', [basicConstraintsOfCa(2)], 'issuer.path-too-short'],
    ['without keyCertSign', [ca, keyUsage(0b0000_0010)], 'issuer.not-a-ca'],
    ['without cRLSign', [ca, keyUsage(0b0000_0100)], 'issuer.may-not-sign'],
    ['for servers only', [ca, extendedKeyUsage(['server'])], 'issuer.may-not-sign'],
    ['for any usage, which OpenSSL does not take for both', [ca, anyUsage()], 'issuer.may-not-sign'],
    ['limited to other hosts than nats-server’s', [ca, permitted(dns('example.org'))], 'issuer.names-limited'],
    ['limited to other addresses', [ca, permitted(address(10, 0, 0, 0, 255, 0, 0, 0))], 'issuer.names-limited'],
    ['limited to other URIs', [ca, permitted(uri('other'))], 'issuer.names-limited'],
    ['limited to directory names', [ca, permitted(tagged(4, sequence()))], 'issuer.names-limited'],
  ])('is not when it is %s', (_, extensions, code) => {
    expect(foreign(extensions)).toContain(code);
  });

  it('is fit for a lower place with a shorter path', () => {
    expect(foreign([basicConstraintsOfCa(2)], { profile: 'backboneCa' })).toEqual([]);
    expect(foreign([permitted(uri(INSTALLATION)), ca])).toEqual([]);
  });

  it('is not before its time nor after', () => {
    expect(foreign([ca], { now: new Date(NOW.getTime() - 2 * DAY) })).toEqual(['issuer.not-yet-valid']);
    expect(foreign([ca], { now: new Date(NOW.getTime() + 2 * DAY) })).toEqual(['issuer.expired']);
  });

  it('is not with a key that is not its own, or weak', () => {
    const { certificatePem } = authorities.root;
    expect(codes(unfitnessOf({ certificatePem, privateKey: keyPair.privateKey }, atRoot))).toEqual([
      'issuer.key-mismatch',
    ]);
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const certificate = foreignCertificate({ keyPair: weak, extensions: [ca] });
    expect(codes(unfitnessOf({ certificatePem: certificate, privateKey: weak.privateKey }, atRoot))).toEqual([
      'issuer.weak',
    ]);
  });

  it('is told everything at once, each with what to do', () => {
    const found = unfitnessOf(
      { certificatePem: leaf('member').certificatePem, privateKey: keyPair.privateKey },
      { ...atRoot, now: new Date(NOW.getTime() + 1000 * DAY) },
    );
    expect(codes(found)).toEqual([
      'issuer.not-a-ca',
      'issuer.may-not-sign',
      'issuer.may-not-sign',
      'issuer.expired',
      'issuer.key-mismatch',
    ]);
    expect(found[1]!.says).toBe('its keyUsage lacks keyCertSign and cRLSign');
  });
});

function anyUsage(): Der {
  return foreignExtension(OID.extendedKeyUsage, sequence(oid('2.5.29.37.0')));
}
