import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, Secret } from '@caravan/pki';
import { readMasterKey } from './master-key.js';
import { SealedKeys } from './sealed-keys.js';

const bytes = randomBytes(32);

describe('the master key', () => {
  it.each([
    ['hex', bytes.toString('hex')],
    ['capital hex', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64 without padding and with a line end', `${bytes.toString('base64').replace('=', '')}\n`],
  ])('is read from %s', (_, text) => {
    const key = readMasterKey({ PKI_MASTER_KEY: new Secret(text), PKI_MASTER_KEY_FILE: undefined });
    expect(key.reveal()).toEqual(bytes);
    expect(inspect(key)).toBe('[secret]');
  });

  it.each([
    ['half of it', bytes.toString('hex').slice(0, 32)],
    ['garbage in it', `${bytes.toString('base64').slice(0, 42)}*=`],
    ['a password', 'correct horse battery staple'],
    ['nothing', ' '],
  ])('is refused with %s', (_, text) => {
    const read = () => readMasterKey({ PKI_MASTER_KEY: new Secret(text), PKI_MASTER_KEY_FILE: undefined });
    expect(read).toThrow('PKI_MASTER_KEY is not a key');
  });
});

describe('sealed keys', () => {
  const keys = new SealedKeys(new Secret(bytes));
  const { privateKey } = generateKeyPair();

  it('open for their authority and no other', () => {
    const sealed = keys.seal('one', privateKey);
    expect(keys.unseal('one', sealed).equals(privateKey)).toBe(true);
    expect(() => keys.unseal('two', sealed)).toThrow('seal.tampered');
  });

  it('do not open with another master key', () => {
    const others = new SealedKeys(new Secret(randomBytes(32)));
    expect(() => others.unseal('one', keys.seal('one', privateKey))).toThrow('seal.wrong-key');
  });
});
