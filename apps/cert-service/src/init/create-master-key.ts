import { randomBytes } from 'node:crypto';
import { MASTER_KEY_BYTES } from '../sealed-keys/master-key.js';
import type { MasterKeyVariables } from '../sealed-keys/master-key.js';
import { createFile } from './files.js';

/** Makes PKI_MASTER_KEY_FILE with a new key where there is none. Two at once end up with one key. */
export function createMasterKeyFile({ PKI_MASTER_KEY_FILE: file }: MasterKeyVariables): void {
  if (file !== undefined) createFile(file, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
}
