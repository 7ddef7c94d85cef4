import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const room = join(import.meta.dirname, '..');
const moduleOf = (name: string): string => JSON.stringify(join(room, 'dist', name));

/** As many collections as can be had. */
const FLAGS = ['--max-semi-space-size=1', '--input-type=module'];
/** A process that can be stopped so is, within some hundred. */
const KEYS = 4_000;
const PATIENCE_MS = 15_000;

const program = (make: string): string => `
  import { generateKeyPairSync } from 'node:crypto';
  import { exportSpki } from ${moduleOf('keys.js')};
  import { generateKeyPair } from ${moduleOf('randomness.js')};
  for (let n = 0; n < ${KEYS}; n++) {
    const { publicKey } = ${make};
    exportSpki(publicKey);
    for (let again = 0; again < 20; again++) publicKey.export({ format: 'jwk' });
  }
`;

/** How a process ends that makes keys and writes them; it is killed where it does not. */
async function ended(make: string): Promise<number | NodeJS.Signals> {
  const child = spawn(process.execPath, [...FLAGS, '--eval', program(make)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const impatient = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(impatient);
  return signal ?? code!;
}

describe('a key that was made and is written', () => {
  it('stops no process', async () => {
    expect(await ended('generateKeyPair()')).toBe(0);
  });

  // Of other versions it is not known.
  (process.versions.node.startsWith('20.') ? it : it.skip)('would, as Node 20 gives it', async () => {
    expect(await ended(`generateKeyPairSync('ec', { namedCurve: 'prime256v1' })`)).toBe('SIGKILL');
  });
});
