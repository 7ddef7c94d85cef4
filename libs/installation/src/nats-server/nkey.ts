import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createAccount, createUser, fromSeed } from '@nats-io/nkeys';
import type { KeyPair } from '@nats-io/nkeys';
import { Secret } from '@caravan/pki';

export type NkeyKind = 'user' | 'account';

const KINDS: Record<NkeyKind, { readonly make: () => KeyPair; readonly seed: RegExp }> = {
  user: { make: createUser, seed: /^SU[A-Z2-7]{56}$/ },
  account: { make: createAccount, seed: /^SA[A-Z2-7]{56}$/ },
};

/** The public key (`U...`, `A...`) of a seed; throws when it is no seed of that kind. */
export function publicNkey(kind: NkeyKind, seed: string): string {
  if (!KINDS[kind].seed.test(seed)) throw new Error(`that is no nkey seed of kind ${kind}`);
  try {
    return fromSeed(new TextEncoder().encode(seed)).getPublicKey();
  } catch (cause) {
    throw new Error(`that is no nkey seed of kind ${kind}`, { cause }); // its checksum says so
  }
}

/** An nkey kept in a file: made on first use, 0600, the seed alone on its line. */
export function ensureNkey(
  file: string,
  kind: NkeyKind,
): { readonly publicKey: string; readonly seed: Secret<string> } {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const seed = new TextDecoder().decode(KINDS[kind].make().getSeed());
    writeFileSync(file, `${seed}\n`, { mode: 0o600, flag: 'wx' });
  }
  const seed = readFileSync(file, 'utf8').trim();
  try {
    return { publicKey: publicNkey(kind, seed), seed: new Secret(seed) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}. Put it back, or start with --reset.`, { cause: error });
  }
}
