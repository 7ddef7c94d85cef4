import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts files beside a site as somebody careful does: beside where they are looked for first, and then all at once. */
export function supply(dir: string, name: string, files: Readonly<Record<string, string>>): void {
  const [aside, there] = [`.${name}`, name].map((each) => join(dir, 'supplied', each)) as [string, string];
  mkdirSync(aside, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(aside, file), text);
  rmSync(there, { recursive: true, force: true });
  renameSync(aside, there);
}
