import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { seal, sealKeyId, sealingKeyId, unseal } from './seal.js';
import { codeOf } from './code-of.fixture.js';

const KEY = Buffer.alloc(32, 7);
const OTHER_KEY = Buffer.alloc(32, 8);
const NONCE = Buffer.alloc(12, 1);
const PLAINTEXT = Buffer.from('a private key');
const sealed = seal(PLAINTEXT, KEY, 'authority/1', NONCE);

describe('a sealed value', () => {
  it('opens with its key and context, whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, context) => {
        const plaintext = Buffer.from(bytes);
        expect(unseal(seal(plaintext, KEY, context, NONCE), KEY, context)).toEqual(plaintext);
      }),
    );
  });

  it('is the same for the same input, and does not show its plaintext', () => {
    expect(seal(PLAINTEXT, KEY, 'authority/1', NONCE)).toEqual(sealed);
    expect(sealed.includes(PLAINTEXT)).toBe(false);
  });

  it('names the key that opens it, so that a key ring can rotate', () => {
    expect(sealingKeyId(sealed)).toBe(sealKeyId(KEY));
    expect(sealKeyId(KEY)).not.toBe(sealKeyId(OTHER_KEY));
  });

  it('says that the key is the wrong one', () => {
    expect(codeOf(() => unseal(sealed, OTHER_KEY, 'authority/1'))).toBe('seal.wrong-key');
  });

  it('does not open in another place than it was sealed for', () => {
    expect(codeOf(() => unseal(sealed, KEY, 'authority/2'))).toBe('seal.tampered');
  });

  it('does not open once any of its bytes is flipped', () => {
    const codes = [...sealed.keys()].map((index) => {
      const flipped = Buffer.from(sealed);
      flipped[index]! ^= 1;
      return codeOf(() => unseal(flipped, KEY, 'authority/1'));
    });
    // A flip within the key id (bytes 1 to 8) names another key.
    expect(codes).toEqual(
      [...sealed.keys()].map((index) => (index >= 1 && index <= 8 ? 'seal.wrong-key' : 'seal.tampered')),
    );
  });

  it('does not open when cut short, empty or of an unknown version', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(codeOf(() => unseal(sealed.subarray(0, length), KEY, 'authority/1'))).toBe('seal.tampered');
    }
  });

  it('needs a key of 32 bytes and a nonce of 12', () => {
    expect(codeOf(() => seal(PLAINTEXT, KEY.subarray(1), 'x', NONCE))).toBe('seal.bad-parameter');
    expect(codeOf(() => unseal(sealed, KEY.subarray(1), 'x'))).toBe('seal.bad-parameter');
    expect(codeOf(() => seal(PLAINTEXT, KEY, 'x', NONCE.subarray(1)))).toBe('seal.bad-parameter');
  });
});
