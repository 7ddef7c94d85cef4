import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createCsr, readCsr } from './csr.js';
import { decodePem, encodePem } from './pem.js';
import { PkiError } from './pki-error.js';
import { generateKeyPair } from './randomness.js';

const CODES = ['csr.too-large', 'csr.malformed', 'csr.unsupported-key', 'csr.bad-signature'];
const valid = (['ec-p256', 'ec-p384', 'rsa-2048'] as const).map((kind) => {
  const pem = createCsr({
    subject: { commonName: 'site' },
    keyPair: generateKeyPair(kind),
    authority: { profile: 'networkCa', installation: 'acme' },
  });
  return { pem, der: decodePem('CERTIFICATE REQUEST', pem)![0]! };
});
const asPem = (bytes: Uint8Array): string => encodePem('CERTIFICATE REQUEST', Buffer.from(bytes));

/** Refused with a code of readCsr, or, when `mayPass`, read. Anything else thrown fails the test. */
function isRefused(text: string, mayPass = false): void {
  try {
    readCsr(text);
  } catch (error) {
    if (!(error instanceof PkiError) || !CODES.includes(error.code)) throw error;
    return;
  }
  expect(mayPass).toBe(true);
}

/** Byte edits: replace, insert or delete at a place. */
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'insert', 'delete'),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x00, 0x30, 0x80, 0x84, 0xff)),
  }),
  { minLength: 1, maxLength: 6 },
);

function mutated(bytes: Buffer, changes: { at: number; how: string; byte: number }[]): Buffer {
  const result = [...bytes];
  for (const { at, how, byte } of changes) {
    const index = at % (result.length + 1);
    if (how === 'insert') result.splice(index, 0, byte);
    else if (how === 'delete') result.splice(index, 1);
    else result[index % result.length] = byte;
  }
  return Buffer.from(result);
}

describe('reading certificate requests from anybody', () => {
  it('accepts those that nobody touched', () => {
    for (const { pem } of valid) expect(readCsr(pem).subject.commonName).toBe('site');
  });

  it('refuses random text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => isRefused(text)),
      { numRuns: 1000 },
    );
  });

  it('refuses random bytes in PEM', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => isRefused(asPem(bytes))),
      { numRuns: 1000 },
    );
  });

  it('refuses a valid request after any change of its bytes', () => {
    const property = fc.property(fc.constantFrom(...valid), edits, ({ der }, changes) => {
      const bytes = mutated(der, changes);
      if (!bytes.equals(der)) isRefused(asPem(bytes));
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it('refuses a valid request with any one byte flipped', () => {
    for (const { der } of valid) {
      for (const index of der.keys()) {
        const flipped = Buffer.from(der);
        flipped[index]! ^= 0xff;
        isRefused(asPem(flipped));
      }
    }
  });

  it('survives any change of the text, which may be harmless', () => {
    const property = fc.property(fc.constantFrom(...valid), edits, ({ pem }, changes) =>
      isRefused(mutated(Buffer.from(pem), changes).toString('latin1'), true),
    );
    fc.assert(property, { numRuns: 1000 });
  });
});
