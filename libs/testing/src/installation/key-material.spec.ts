import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCsr, exportPrivateKey, generateKeyPair } from '@caravan/pki';
import { filesWithKeys, keyMaterialIn } from './key-material.js';

const { privateKey, publicKey } = generateKeyPair();
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const sec1 = privateKey.export({ format: 'der', type: 'sec1' });
const pem = exportPrivateKey(privateKey).reveal();
const padded = (by: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(by, 'x'), bytes, Buffer.from('yz')]);

describe('a private key is seen', () => {
  it.each([
    ['in PEM', pem],
    ['in PEM as JSON has it', JSON.stringify({ key: pem })],
    ['in PEM without its header', pem.split('\n').slice(1, -2).join('\n')],
    ['as a JWK', JSON.stringify(privateKey.export({ format: 'jwk' }))],
    ['in hex', `key=${pkcs8.toString('hex')}`],
    ['in upper case hex', `\\x${sec1.toString('hex').toUpperCase()}`],
    ['as the seed of an nkey', `seed SUA${'A2'.repeat(27)}B and more`],
  ])('%s', (_, text) => {
    expect(keyMaterialIn(Buffer.from(text))).toBeDefined();
  });

  it.each([0, 1, 2])('in bytes and in base64, %d bytes behind something else', (by) => {
    for (const key of [pkcs8, sec1]) {
      expect(keyMaterialIn(padded(by, key))).toBeDefined();
      expect(keyMaterialIn(Buffer.from(padded(by, key).toString('base64')))).toBeDefined();
    }
  });

  it('in a file, however deep', () => {
    const directory = mkdtempSync(join(tmpdir(), 'caravan-keys-'));
    try {
      mkdirSync(join(directory, 'a', 'b'), { recursive: true });
      writeFileSync(join(directory, 'a', 'b', 'log'), `{"key":${JSON.stringify(pem)}}`);
      writeFileSync(join(directory, 'fine'), 'nothing');
      expect(filesWithKeys(directory)).toEqual([expect.stringMatching(/log: a key in PEM/)]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('no private key', () => {
  it.each([
    ['is a public key', publicKey.export({ format: 'der', type: 'spki' })],
    ['is a public key in PEM', publicKey.export({ format: 'pem', type: 'spki' })],
    ['is a request for a certificate', createCsr({ subject: { commonName: 'a' }, keyPair: { privateKey, publicKey } })],
    ['is the public part of an nkey', `UA${'A2'.repeat(27)}`],
    ['is nothing', ''],
  ])('%s', (_, text) => {
    expect(keyMaterialIn(Buffer.from(text))).toBeUndefined();
  });
});
