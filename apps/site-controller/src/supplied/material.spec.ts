import { describe, expect, it } from 'vitest';
import { exportPrivateKey, generateKeyPair, issueCertificate, randomSerial, Secret, selfSignRoot } from '@caravan/pki';
import type { KeyPair } from '@caravan/pki';
import { fitOf } from './material.js';
import type { Material, Use } from './material.js';

const now = new Date('2026-06-01T12:00:00.000Z');
const DAY = 86_400_000;
const keys = generateKeyPair();
const root = selfSignRoot({ commonName: 'their CA', keyPair: keys, serial: randomSerial(), now, profile: 'serviceCa' });
const signed = (profile: 'serviceServer' | 'serviceClient', { publicKey }: KeyPair) =>
  issueCertificate({
    ...{ profile, issuer: { certificatePem: root.certificatePem, privateKey: keys.privateKey }, publicKey },
    ...{
      commonName: 'a web',
      hosts: ['web.example'],
      installation: 'x',
      serial: randomSerial(),
      now,
      lifetimeMs: 30 * DAY,
    },
  }).certificatePem;
const pair = generateKeyPair();
const key = exportPrivateKey(pair.privateKey);
const server = { certificate: signed('serviceServer', pair), key };
const other = exportPrivateKey(generateKeyPair().privateKey);
const rootCalled = (commonName: string): string => {
  const keyPair = generateKeyPair();
  return selfSignRoot({ commonName, keyPair, serial: randomSerial(), now, profile: 'serviceCa' }).certificatePem;
};
/** Its usages are right, and its key usages are those of an authority. */
const onlySigning = { certificate: root.certificatePem, key: exportPrivateKey(keys.privateKey) };
const many = Array.from({ length: 65 }, (_, n) => rootCalled(`ca number ${n}`)).join('');
const installationRoot = selfSignRoot({ commonName: 'the root', keyPair: keys, serial: randomSerial(), now });
const below = issueCertificate({
  ...{
    profile: 'serviceCa',
    publicKey: pair.publicKey,
    commonName: 'below',
    installation: 'x',
    serial: randomSerial(),
    now,
  },
  issuer: { certificatePem: installationRoot.certificatePem, privateKey: keys.privateKey },
}).certificatePem;

const says = (material: Material, use: Use = 'server', at = now) => fitOf(material, use, at).problems.join();

describe('what is supplied', () => {
  it('is used when it fits, chain and trust', () => {
    const certificate = server.certificate + root.certificatePem;
    const fit = fitOf({ certificate, key, trust: root.certificatePem }, 'server', now);
    expect(fit.problems).toEqual([]);
    expect(fit.certificate?.chain).toHaveLength(2);
    expect(fit.certificate?.key.reveal()).toBe(key.reveal());
    expect(fit.trust).toHaveLength(1);
    expect(fitOf({ trust: root.certificatePem }, 'client', now)).toMatchObject({ problems: [] });
    const authority = { certificate: root.certificatePem, key: exportPrivateKey(keys.privateKey) };
    expect(says(authority, 'authority')).toBe('');
  });

  it.each<[string, Material, RegExp, { use?: Use; at?: Date }]>([
    ['there is a certificate and no key', { certificate: server.certificate }, /tls\.key is missing/, {}],
    ['there is a key and no certificate', { key }, /tls\.crt is missing/, {}],
    ['the key is that of another one', { ...server, key: other }, /the key is not that of CN=a web/, {}],
    [
      'the key is sealed',
      { ...server, key: new Secret('-----BEGIN ENCRYPTED PRIVATE KEY-----') },
      /not an unencrypted PEM/,
      {},
    ],
    ['the certificate is no PEM', { certificate: 'DER', key }, /damaged, or there is none/, {}],
    ['the certificate is empty', { certificate: '', key }, /no certificate in tls\.crt/, {}],
    ['it is over', server, /chain\.expired/, { at: new Date(now.getTime() + 31 * DAY) }],
    ['its time has not come', server, /chain\.not-yet-valid/, { at: new Date(now.getTime() - DAY) }],
    ['it is for clients', { certificate: signed('serviceClient', pair), key }, /may not be used as a server/, {}],
    ['it is for servers', server, /may not be used as a client/, { use: 'client' }],
    ['its key may sign certificates only', onlySigning, /keyUsage lacks digitalSignature/, {}],
    ['it is no authority', server, /CA:TRUE/, { use: 'authority' }],
    [
      'what follows did not sign it',
      { certificate: server.certificate + signed('serviceServer', pair), key },
      /does not hold/,
      {},
    ],
    ['the trust is no authority', { trust: server.certificate }, /ca\.crt: CN=a web is not an authority/, {}],
    ['the trust is empty', { trust: '' }, /ca\.crt: it is empty/, {}],
    ['the trust has no root', { trust: below }, /CN=below is no root: add CN=the root, which signed it/, {}],
    ['there is more trust than can be told', { trust: many }, /65 authorities, and 64 may be trusted/, {}],
    ['it cannot be read', { unreadable: 'tls.crt: EACCES' }, /EACCES/, {}],
  ])('is not, and says so, when %s', (_, material, words, { use = 'server', at = now }) => {
    const fit = fitOf(material, use, at);
    expect(fit.problems.join()).toMatch(words);
    expect(fit).not.toHaveProperty('certificate');
    expect(JSON.stringify(fit)).not.toContain('PRIVATE KEY-----\\n');
  });

  it('hands on the key, and nothing else that is in its file', () => {
    const more = new Secret(`${'# a note\n'.repeat(4_000)}${key.reveal()}${root.certificatePem}`);
    const fit = fitOf({ ...server, key: more }, 'server', now);
    expect([fit.problems, fit.certificate?.key.reveal()]).toEqual([[], key.reveal()]);
    expect(says({ trust: below + installationRoot.certificatePem })).toBe('');
  });

  it('is told with everything that is wrong with it', () => {
    expect(says({ ...server, key: other, trust: 'none' })).toMatch(/ca\.crt.*tls\.crt and tls\.key/);
  });
});
