import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDeb822Sources, parseOneLineSources } from './apt-sources.js';
import type { AptSource } from './apt-sources.js';

/** The codename of the Debian release in the text of an `os-release` file; undefined when it is not Debian itself. */
export function debianCodename(osRelease: string): string | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.trim();
  return field('ID') === 'debian' ? (field('VERSION_CODENAME') ?? 'sid') : undefined;
}

/** Every package source that apt on this machine would read from `<root>/etc/apt`. */
export function readAptSources(aptDir: string): AptSource[] {
  const main = join(aptDir, 'sources.list');
  const parts = join(aptDir, 'sources.list.d');
  const files = existsSync(parts) ? readdirSync(parts).sort() : [];
  return [
    ...(existsSync(main) ? parseOneLineSources(readFileSync(main, 'utf8')) : []),
    ...files.flatMap((file) => {
      const text = (): string => readFileSync(join(parts, file), 'utf8');
      if (file.endsWith('.sources')) return parseDeb822Sources(text());
      return file.endsWith('.list') ? parseOneLineSources(text()) : [];
    }),
  ];
}
