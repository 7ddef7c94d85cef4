import { randomBytes } from 'node:crypto';
import { uuidText } from './uuid-text.js';

/**
 * A new id: UUIDv7 (RFC 9562, 5.7), so ids made later sort later to the millisecond. Impure: the shell calls it and hands the
 * id to pure code.
 */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return uuidText(bytes, 7);
}
