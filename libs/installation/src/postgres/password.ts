import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Secret } from '@caravan/pki';

/** The database password in `file`; made on first use, readable by the owner only. */
export function ensurePassword(file: string): Secret<string> {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const password = readFileSync(file, 'utf8').trim();
  if (password === '')
    throw new Error(`${file} is empty, and should hold the database password. Put it back, or start with --reset.`);
  return new Secret(password);
}
