import { describe, expect, it, vi } from 'vitest';
import { describeCertificate } from './certificate.js';
import { createCsr, readCsr } from './csr.js';
import { mutated, seeded } from './mutations.fixture.js';
import { decodePem, encodePem } from './pem.js';
import { PkiError } from './pki-error.js';
import { generateKeyPair, randomSerial } from './randomness.js';
import { selfSignRoot } from './issue.js';

vi.setConfig({ testTimeout: 3_600_000 });

const SEED = 20_261_120;
const KINDS = ['ec-p256', 'ec-p384', 'rsa-2048'] as const;
const now = new Date('2026-01-01T00:00:00Z');

/** Runs `read` on so many mutations of `valid`; gives how many were taken for something, and how slow the slowest was. */
function survives(valid: readonly Buffer[], runs: number, read: (der: Buffer) => unknown, codes: RegExp) {
  const random = seeded(SEED);
  const before = process.memoryUsage().heapUsed;
  let [taken, slowest] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const original = valid[run % valid.length]!;
    const der = mutated(original, random);
    const started = performance.now();
    try {
      read(der);
      if (!der.equals(original)) taken++;
    } catch (error) {
      if (!(error instanceof PkiError) || !codes.test(error.code)) throw error;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  return { taken, slowest, grownMB: (process.memoryUsage().heapUsed - before) / 1_048_576 };
}

describe('a million changes of bytes', () => {
  it('of certificate requests are refused with a code, every one', () => {
    const valid = KINDS.map((kind) => {
      const pem = createCsr({
        subject: { commonName: 'site' },
        keyPair: generateKeyPair(kind),
        authority: { profile: 'networkCa', installation: 'acme' },
      });
      return decodePem('CERTIFICATE REQUEST', pem)![0]!;
    });
    const read = (der: Buffer) => readCsr(encodePem('CERTIFICATE REQUEST', der));
    const { taken, slowest, grownMB } = survives(valid, 1_000_000, read, /^csr\./);
    // A signature stands over all of it but itself, and none of two encodings of one passes.
    expect(taken).toBe(0);
    expect(slowest).toBeLessThan(1_000);
    expect(grownMB).toBeLessThan(200);
  });

  it('of certificates are refused with a code, or read: nothing else', () => {
    const valid = KINDS.map((kind) => {
      const root = selfSignRoot({ commonName: 'Root', keyPair: generateKeyPair(kind), serial: randomSerial(), now });
      return decodePem('CERTIFICATE', root.certificatePem)![0]!;
    });
    const read = (der: Buffer) => describeCertificate(encodePem('CERTIFICATE', der));
    const { slowest, grownMB } = survives(valid, 1_000_000, read, /^certificate\./);
    expect(slowest).toBeLessThan(1_000);
    expect(grownMB).toBeLessThan(200);
  });
});
