import { readFileSync } from 'node:fs';
import { Secret } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import type { InitVariables } from '../variables.js';

export type MasterKeyVariables = Pick<InitVariables, 'PKI_MASTER_KEY' | 'PKI_MASTER_KEY_FILE'>;

export const MASTER_KEY_BYTES = 32;

/**
 * The key that all CA keys are sealed with.
 *
 * @throws ConfigurationError when there is none, both ways are used, or it is not 32 bytes
 */
export function readMasterKey({ PKI_MASTER_KEY, PKI_MASTER_KEY_FILE }: MasterKeyVariables): Secret<Buffer> {
  if (PKI_MASTER_KEY !== undefined && PKI_MASTER_KEY_FILE !== undefined) {
    throw wrong('PKI_MASTER_KEY_FILE', 'is set, and PKI_MASTER_KEY too', 'keep one of them');
  }
  if (PKI_MASTER_KEY !== undefined) return keyIn(PKI_MASTER_KEY, 'PKI_MASTER_KEY');
  if (PKI_MASTER_KEY_FILE !== undefined) return keyIn(textOf(PKI_MASTER_KEY_FILE), 'PKI_MASTER_KEY_FILE');
  throw wrong(
    'PKI_MASTER_KEY_FILE',
    'is missing',
    'a file that holds 32 random bytes in base64 or hex; `init` makes one',
  );
}

function keyIn(text: Secret<string>, variable: string): Secret<Buffer> {
  const value = text.reveal().trim();
  const key = /^[0-9a-fA-F]{64}$/.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  // `Buffer.from` skips what it does not understand: only text that it would write itself is base64.
  const exact =
    key.toString('hex') === value.toLowerCase() ||
    key.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '');
  if (key.length === MASTER_KEY_BYTES && exact) return new Secret(key);
  throw wrong(variable, 'is not a key', '32 bytes in base64 (44 characters) or hex (64 characters)');
}

function textOf(file: string): Secret<string> {
  try {
    return new Secret(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong('PKI_MASTER_KEY_FILE', `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, file);
  }
}

const wrong = (variable: string, says: string, remedy: string): ConfigurationError =>
  new ConfigurationError([{ variable, says, remedy }]);
