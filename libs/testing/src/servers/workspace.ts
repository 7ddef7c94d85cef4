import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that these tests belong to: the directory of `nx.json`. */
export function workspaceRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'nx.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`no nx.json above ${start}: tests run inside the checkout only`);
  }
}

/** What is fetched or made once and used by every test run. */
export const cacheDirectory = (): string => join(workspaceRoot(), '.caravan', 'cache');

/** A fresh directory for one server, and how to remove it. */
export function temporaryDirectory(name: string): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), `caravan-${name}-`));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
