import path from 'node:path';
import { interrupted } from '../failures/cli-error.js';
import type { Terminal } from '../terminal.js';
import { reserveSecretFile } from './secret-file.js';
import type { SecretFile } from './secret-file.js';

const TO_STDOUT = '-';

/**
 * Has the file before anything is made for it, and leaves none behind where that fails or is interrupted. Resolves with its path as it is
 * shown; undefined: it went to stdout. Throws `cli.file-exists`, `file.<what the system says>`, `cli.interrupted`, and what `make` throws.
 */
export const intoSecretFile = async (
  out: string,
  terminal: Terminal,
  make: () => Promise<string>,
  reserve: typeof reserveSecretFile = reserveSecretFile,
): Promise<string | undefined> => {
  const file = out === TO_STDOUT ? stdoutAsFile(terminal) : await reserve(out, terminal.cwd);
  const stop = interruption(terminal);
  try {
    await file.write(await Promise.race([make(), stop.happened]));
  } catch (error) {
    await file.discard();
    throw error;
  } finally {
    stop.release();
  }
  if (out === TO_STDOUT) return undefined;
  const relative = path.relative(terminal.cwd, file.path);
  return relative.startsWith('..') ? file.path : relative;
};

const stdoutAsFile = (terminal: Terminal): SecretFile => ({
  path: TO_STDOUT,
  write: async (text) => terminal.out(text),
  discard: async () => undefined,
});

const interruption = (terminal: Terminal): { happened: Promise<never>; release: () => void } => {
  let release: () => void = () => undefined;
  const happened = new Promise<never>((_, reject) => {
    release = terminal.onInterrupt(() => reject(interrupted('Interrupted; no file was written.')));
  });
  return { happened, release };
};
