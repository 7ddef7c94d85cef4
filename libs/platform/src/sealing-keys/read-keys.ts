import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Secret } from '@caravan/pki/secret';

/** A value may stand in the environment; a file and a command are asked again for each reading. */
export type KeySource =
  | { readonly value: Secret<string> }
  | { readonly file: string }
  /** For `/bin/sh -c`: what unwraps a key by a KMS or a TPM, and writes it to standard output. */
  | { readonly command: string };

export const SEALING_KEY_BYTES = 32;

const COMMAND_TAKES_MS = 30_000;
const MOST_BYTES = 4_096;
const MOST_OF_WHAT_IT_SAYS = 200;

/** A source has no keys; `says` completes its name and quotes nothing that could be one. */
export class KeySourceError extends Error {
  override readonly name = 'KeySourceError';

  constructor(readonly says: string) {
    super(says);
  }
}

/**
 * Keys that something is sealed with: 32 random bytes each, as 64 hex digits or base64, the newest last; or the bare bytes of one.
 *
 * @throws KeySourceError
 */
export async function readKeys(source: KeySource): Promise<Secret<Buffer>[]> {
  const bytes = await bytesOf(source);
  try {
    if (!('value' in source) && bytes.length === SEALING_KEY_BYTES) return [new Secret(Buffer.from(bytes))];
    const words = bytes.toString('latin1').split(/\s+/).filter(Boolean);
    if (words.length === 0) throw new KeySourceError('has no key');
    return words.map(keyIn);
  } finally {
    bytes.fill(0);
  }
}

function bytesOf(source: KeySource): Promise<Buffer> {
  if ('value' in source) return Promise.resolve(Buffer.from(source.value.reveal(), 'latin1'));
  if ('command' in source) return outputOf(source.command);
  return readFile(source.file).catch((error: NodeJS.ErrnoException) => {
    throw new KeySourceError(`cannot be read (${error.code ?? 'error'}): ${source.file}`);
  });
}

function outputOf(command: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { timeout: COMMAND_TAKES_MS, maxBuffer: MOST_BYTES, encoding: 'buffer' } as const;
    const child = execFile('/bin/sh', ['-c', command], options, (error, stdout, stderr) => {
      if (error) reject(new KeySourceError(failure(error, stderr)));
      else resolve(stdout);
    });
    child.stdin?.end(); // one that asks for a passphrase hears that nobody is there
  });
}

function failure({ code, killed }: ExecFileException, stderr: Buffer): string {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `wrote more than ${MOST_BYTES} bytes`;
  if (killed) return `did not end within ${COMMAND_TAKES_MS / 1_000} s`;
  const said = stderr.toString('utf8').trim().slice(0, MOST_OF_WHAT_IT_SAYS);
  return `ended with exit code ${code ?? 'none'}${said === '' ? '' : `: ${said}`}`;
}

function keyIn(word: string): Secret<Buffer> {
  const key = /^[0-9a-f]{64}$/i.test(word) ? Buffer.from(word, 'hex') : Buffer.from(word, 'base64');
  // `Buffer.from` skips what it does not understand: only text that it would write itself is base64.
  const unpadded = (text: string): string => text.replace(/=+$/, '');
  const isExact = word.length === 64 || unpadded(key.toString('base64')) === unpadded(word);
  if (key.length === SEALING_KEY_BYTES && isExact) return new Secret(key);
  throw new KeySourceError(
    `is not a key: ${SEALING_KEY_BYTES} bytes in base64 (44 characters) or hex (64 characters), such as openssl rand -base64 32 writes`,
  );
}
