import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureNkey, publicNkey } from './nkey.js';

// Made by the nkeys library.
const USER = {
  seed: 'SUACBNHOPYMTNZSXJBTU5RE76SPQS6TJR2K5245IRAMPY2OZ33ZL5Q55WE',
  publicKey: 'UDGAODSU3KW2QJO5QYJMSSSK4Y2ETG3P7B3XXVWMCJMGEEXFSOC344Q3',
};
const ACCOUNT = {
  seed: 'SAACV5NEVLCXF5ZHTTXTV5MT33CYAESN5K3PXZIDBBLYRNGT7TGJK4TMCQ',
  publicKey: 'AAOGPXL6XUDD7CC5NTTSLDIJSTH667WKCUY7FG6ZVRGWGJNUYHAUQD7B',
};

describe('an nkey', () => {
  const dir = mkdtempSync(join(tmpdir(), 'caravan-nkey-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('has the public key that NATS gives it', () => {
    expect(publicNkey('user', USER.seed)).toBe(USER.publicKey);
    expect(publicNkey('account', ACCOUNT.seed)).toBe(ACCOUNT.publicKey);
  });

  it.each([
    ['of another kind', ACCOUNT.seed],
    ['with a letter changed', USER.seed.replace('BNHO', 'BNHP')],
    ['that is too short', USER.seed.slice(0, -1)],
    ['that is a public key', USER.publicKey],
    ['that is nothing', ''],
  ])('is not read from a seed %s', (_what, seed) => {
    expect(() => publicNkey('user', seed)).toThrow('no nkey seed of kind user');
  });

  it('is made once, and kept where only its owner can read it', () => {
    const file = join(dir, 'secrets', 'router-config.nk');
    const first = ensureNkey(file, 'user');
    expect(ensureNkey(file, 'user').publicKey).toBe(first.publicKey);
    expect(first.publicKey).toMatch(/^U[A-Z2-7]{55}$/);
    expect(ensureNkey(join(dir, 'other.nk'), 'user').publicKey).not.toBe(first.publicKey);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(inspect(first)).not.toContain(first.seed.reveal());
  });

  it('is not made anew over a file that cannot be read, and the error does not show what is in it', () => {
    const file = join(dir, 'broken.nk');
    writeFileSync(file, 'SUBROKEN');
    expect(() => ensureNkey(file, 'user')).toThrow(/broken\.nk.*--reset/);
    expect(() => ensureNkey(file, 'user')).not.toThrow(/SUBROKEN/);
  });
});
