// npm run events:lock: writes new events and new versions into events.lock.json. A version that is locked is never changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { allEvents } from './dist/index.js';
import { extended, schemasNow } from './dist/schema-lock.js';

const file = new URL('events.lock.json', import.meta.url);
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const lock = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};

try {
  const next = extended(lock, schemasNow(allEvents, sha256));
  const isNew = (type) => Object.keys(next[type]).length > Object.keys(lock[type] ?? {}).length;
  const added = Object.keys(next).filter(isNew);
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
  console.log(added.length > 0 ? `locked: ${added.join(', ')}` : 'nothing new');
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  console.error(`events.lock.json is unchanged:\n${error.message}`);
  process.exitCode = 1;
}
