import { createHash } from 'node:crypto';
import { uuidText } from './uuid-text.js';

/**
 * The id that follows from other ids: the same parts always give the same id, so that doing a thing again finds what the first
 * time made. Begin with what it is: `derivedId('authority', kind, ownerId)`. UUIDv8 (RFC 9562, 5.8) over SHA-256. Pure.
 */
export function derivedId(...parts: readonly [string, ...string[]]): string {
  // JSON keeps ('a', 'bc') and ('ab', 'c') apart.
  return uuidText(createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16), 8);
}
