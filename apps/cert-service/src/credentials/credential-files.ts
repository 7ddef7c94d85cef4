import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Authorities } from '../authorities/authorities.js';
import { authorityId } from '../authorities/authority.js';
import { held, trusted } from '../installation/generation.js';
import type { Generation } from '../installation/generation.js';
import type { Credential } from './credential.js';
import { ensureCredential } from './ensure-credential.js';
import type { Workshop } from './ensure-credential.js';
import { readIfThere, replaceFile } from './files.js';

const READABLE = 0o644;

export interface CredentialFiles extends Omit<Workshop, 'isBySuch'> {
  readonly authorities: Pick<Authorities, 'find'>;
  readonly generation: Generation;
  readonly credentials: readonly Credential[];
}

/**
 * Writes what nats-server and the services start with: `root.pem` and `management-ca.pem`, each with all that are trusted now, and a
 * certificate with its key for each of them. What is good stays as it is.
 *
 * @returns the files of new certificates, and whether all that are to be trusted are established
 */
export async function writeCredentialFiles(
  files: CredentialFiles,
): Promise<{ readonly issued: readonly string[]; readonly isComplete: boolean }> {
  const { authorities, generation, credentials, installation, directory } = files;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let isComplete = true;
  for (const [kind, file] of [
    ['root', 'root.pem'],
    ['management', 'management-ca.pem'],
  ] as const) {
    const found = await Promise.all(trusted(generation).map((each) => authorities.find({ kind, installation }, each)));
    isComplete &&= found.every((authority) => authority !== undefined);
    put(directory, file, found.flatMap((authority) => authority?.data.certificate ?? []).join(''));
  }
  const issued: string[] = [];
  for (const credential of credentials) {
    const least = held(generation, credential.holder.kind);
    const ordinals = Array.from({ length: generation.ordinal - least + 1 }, (_, index) => least + index);
    const such = new Set(ordinals.map((each) => authorityId({ kind: 'management', installation }, each)));
    if (await ensureCredential(credential, { ...files, isBySuch: ({ issuerId }) => such.has(issuerId) })) {
      issued.push(credential.file);
    }
  }
  return { issued, isComplete };
}

function put(directory: string, file: string, text: string): void {
  const path = join(directory, file);
  if (readIfThere(path) !== text) replaceFile(path, text, READABLE);
}
