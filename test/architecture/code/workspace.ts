import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A file of the workspace; `path` is relative to its root. Rules are functions of these, so that specs can plant some. */
export interface Source {
  readonly path: string;
  readonly text: string;
}
export const source = (path: string, text: string): Source => ({ path, text });

const SKIPPED = new Set(['node_modules', 'dist', 'bundle', 'out-tsc', '.caravan', '.nx', '.git']);

/** The files below a folder whose names end in one of these, in the order of their paths. */
export function filesBelow(folder: string, ...endings: readonly string[]): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter(({ name }) => !SKIPPED.has(name));
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(path, ...endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    })
    .sort();
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every TypeScript file of apps, libs and tests. */
export const sources = (): Source[] =>
  ['apps', 'libs', 'test']
    .flatMap((folder) => filesBelow(folder, '.ts', '.tsx'))
    .map((path) => source(path, read(path)));

/** `libs/events` of `libs/events/src/commit.ts`; undefined outside apps and libs. */
export const packageOf = (path: string): string | undefined => /^(?:apps|libs)\/[^/]+/.exec(path)?.[0];

/** Packages that only tests and measurements run: the harness, and the benchmarks. */
export const HARNESSES = ['libs/testing', 'apps/bench'];

/** Runs in tests only: specs, what they share, and the harnesses. */
export const isTest = (path: string): boolean =>
  /\.(spec|fixture)\.(tsx?|mjs)$/.test(path) ||
  path.startsWith('test/') ||
  HARNESSES.some((folder) => path.startsWith(`${folder}/`));

/** What ships, or is imported by what ships. */
export const shipped = (): Source[] => sources().filter(({ path }) => !isTest(path));

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly sideEffects?: boolean;
}
export const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(folder === '.' ? 'package.json' : `${folder}/package.json`)) as Manifest;

/** The folders of all workspace packages. */
export const packages = (): string[] =>
  ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(ROOT, group))
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(join(ROOT, folder, 'package.json'))),
  );
