import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
const record = (root) => join(root, 'node_modules', '.caravan-install');

/** What an installation depends on: the lock file, and the platform that optional packages were chosen for. */
export function fingerprint(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`\0${process.platform} ${process.arch}`).digest('hex');
}

/**
 * Whether every package of the lock file is installed in the locked version, by npm's own record of what it installed. Tells an
 * installation that somebody made by hand from one that is out of date.
 */
export function agrees(lock, installed) {
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true; // the workspaces themselves
    const got = installed.packages[path];
    if (!got) return wanted.optional === true || wanted.devOptional === true;
    return got.version === wanted.version && got.integrity === wanted.integrity && got.resolved === wanted.resolved;
  });
}

export function isInstalled(root) {
  if (!existsSync(join(root, 'node_modules'))) return false;
  if (existsSync(record(root)) && readFileSync(record(root), 'utf8') === fingerprint(root)) return true;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (!installed || !agrees(readJson(join(root, 'package-lock.json')), installed)) return false;
  recordInstalled(root);
  return true;
}

export function recordInstalled(root) {
  writeFileSync(record(root), fingerprint(root));
}
