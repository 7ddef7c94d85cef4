import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateKeyPair, sealKeyId, Secret } from '@caravan/pki';
import { SealedKeys } from './sealed-keys.js';

const [old, next] = [new Secret(randomBytes(32)), new Secret(randomBytes(32))];
const idOf = (key: Secret<Buffer>): string => sealKeyId(key.reveal());

/** Master keys that somebody may replace: `put` shows to who asks again. */
function masterKeys(...known: Secret<Buffer>[]) {
  let [keys, there] = [known, known];
  let asked = 0;
  return {
    find: (id: string) => keys.find((key) => idOf(key) === id),
    again: async () => {
      asked++;
      keys = there;
    },
    put: (...now: Secret<Buffer>[]) => void (there = now),
    asked: () => asked,
  };
}
const vaultWith = (key: Secret<Buffer>) => ({ keyId: async () => idOf(key) });

describe('sealed keys', () => {
  const { privateKey } = generateKeyPair();

  it('open for their authority and no other', async () => {
    const keys = new SealedKeys(masterKeys(old), vaultWith(old));
    const sealed = await keys.seal('one', privateKey);
    expect((await keys.unseal('one', sealed)).equals(privateKey)).toBe(true);
    await expect(keys.unseal('two', sealed)).rejects.toThrow('seal.tampered');
  });

  it('do not open with another master key, which is waited for', async () => {
    const sealed = await new SealedKeys(masterKeys(old), vaultWith(old)).seal('one', privateKey);
    const others = new SealedKeys(masterKeys(next), vaultWith(next));
    await expect(others.unseal('one', sealed)).rejects.toThrow(`awaiting the master key ${idOf(old)}`);
  });

  it('open with any that is there, and are sealed with the one in use', async () => {
    const both = masterKeys(old, next);
    const sealed = await new SealedKeys(both, vaultWith(old)).seal('one', privateKey);
    const alone = new SealedKeys(masterKeys(old), vaultWith(old));
    expect((await alone.unseal('one', sealed)).equals(privateKey)).toBe(true);
    expect((await new SealedKeys(both, vaultWith(next)).unseal('one', sealed)).equals(privateKey)).toBe(true);
  });

  it('are sealed anew and open then with the next one alone', async () => {
    const sealed = await new SealedKeys(masterKeys(old), vaultWith(old)).seal('one', privateKey);
    const rewrapped = SealedKeys.rewrapped('one', sealed, old, next);
    const keys = new SealedKeys(masterKeys(next), vaultWith(next));
    expect((await keys.unseal('one', rewrapped)).equals(privateKey)).toBe(true);
    await expect(keys.unseal('one', sealed)).rejects.toThrow('awaiting');
    expect(() => SealedKeys.rewrapped('two', sealed, old, next)).toThrow('seal.tampered');
  });

  it('ask for master keys again when one is used that they do not know, and only then', async () => {
    const known = masterKeys(old);
    await new SealedKeys(known, vaultWith(old)).seal('one', privateKey);
    expect(known.asked()).toBe(0);
    known.put(old, next);
    await new SealedKeys(known, vaultWith(next)).seal('one', privateKey);
    expect(known.asked()).toBe(1);
  });

  it('say why none is there', async () => {
    const again = () => Promise.reject(new Error('PKI_MASTER_KEY_FILE cannot be read (ENOENT): /k'));
    const keys = new SealedKeys({ find: () => undefined, again }, vaultWith(old));
    await expect(keys.seal('one', privateKey)).rejects.toThrow('cannot be read (ENOENT)');
  });
});
