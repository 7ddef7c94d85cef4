import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceSecretFile } from '../credentials/secret-file.js';
import { usageError } from '../failures/cli-error.js';
import { fileFailure } from '../failures/file-failure.js';
import type { Terminal } from '../terminal.js';

/** One login: the address, and who asks. A file that is replaced needs no new login. */
export interface Context extends Caller {
  readonly url: string;
  /** File of the authorities that the API must be proved by; absent: those that this system trusts. */
  readonly certificateAuthority?: string;
}

/** By a token, or the file that holds it; by a certificate and its key, both files; or by both. */
export interface Caller {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

export interface Config {
  readonly version: 1;
  readonly current: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

const EMPTY: Config = { version: 1, current: 'default', contexts: {} };

export const configFile = ({ env, home }: Terminal): string =>
  env['CARAVAN_CONFIG'] ?? path.join(env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'), 'caravan', 'config.json');

const isConfig = (value: unknown): value is Config => {
  const { version, current, contexts } = (value ?? {}) as Partial<Config>;
  return version === 1 && typeof current === 'string' && typeof contexts === 'object' && contexts !== null;
};

/** No file is an empty configuration. Throws `cli.config-malformed`. */
export const readConfig = async (file: string): Promise<Config> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return EMPTY;
  try {
    const config: unknown = JSON.parse(text);
    if (isConfig(config)) return config;
  } catch {
    // Reported below, together with JSON of another shape.
  }
  throw usageError(
    'cli.config-malformed',
    `${file} is not a configuration of caravan.`,
    `remove ${file}, log in again`,
  );
};

/** Either the old one or the new one whenever the machine stops. */
export const writeConfig = async (file: string, config: Config): Promise<void> => {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw fileFailure(error, file);
  });
  await replaceSecretFile(file, `${JSON.stringify(config, null, 2)}\n`);
};
