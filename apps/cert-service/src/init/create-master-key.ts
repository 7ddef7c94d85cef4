import { randomBytes } from 'node:crypto';
import { SEALING_KEY_BYTES } from '@caravan/platform/sealing-keys';
import type { MasterKeyVariables } from '../sealed-keys/master-keys.js';
import { createFile } from '../credentials/files.js';

/** Makes PKI_MASTER_KEY_FILE with a new key where there is none. Two at once end up with one key. */
export function createMasterKeyFile({ PKI_MASTER_KEY_FILE: file }: MasterKeyVariables): void {
  if (file !== undefined) createFile(file, `${randomBytes(SEALING_KEY_BYTES).toString('base64')}\n`);
}
