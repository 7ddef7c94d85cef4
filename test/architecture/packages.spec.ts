import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { importsOf, isBuiltIn, isRelative, packageNamed } from './code/imports.js';
import {
  filesBelow,
  HARNESSES,
  isTest,
  manifestOf,
  packageOf,
  packages,
  read,
  source,
  sources,
} from './code/workspace.js';
import type { Manifest, Source } from './code/workspace.js';
import { parse, placeOf } from './code/syntax.js';

const namesIn = (entries: Readonly<Record<string, string>> = {}): string[] => Object.keys(entries);
const ours = (names: readonly string[]): string[] => names.filter((name) => name.startsWith('@caravan/'));
const difference = (one: readonly string[], other: readonly string[]) =>
  one.filter((each) => !other.includes(each)).sort();

/** Used without being named by what uses them. */
const SILENT: Readonly<Record<string, string>> = {
  'reflect-metadata': 'Nest and TypeORM expect it beside them',
  rxjs: 'Nest expects it beside it',
};

/** Found at run time by its name, and not imported. */
const isNamed = (name: string, files: readonly Source[]): boolean =>
  files.some(({ text }) => text.includes(`'${name}'`) || text.includes(`'${name}/`));

/** What the imports of a package and its package.json disagree about, in words. */
function disagreements(folder: string, manifest: Manifest, root: Manifest, files: readonly Source[]): string[] {
  const importedBy = (test: boolean) => {
    const specifiers = files.filter(({ path }) => isTest(path) === test).flatMap(importsOf);
    const outside = specifiers.filter((specifier) => !isRelative(specifier) && !isBuiltIn(specifier));
    return [...new Set(outside.map(packageNamed))];
  };
  const harness = HARNESSES.includes(folder); // all of it is tests, and what it needs it depends on
  const [shipped, tests] = [importedBy(false), importedBy(true)];
  const [runs, develops] = [namesIn(manifest.dependencies), namesIn(manifest.devDependencies)];
  const present = [...runs, ...develops, ...namesIn(root.devDependencies), manifest.name];
  const needed = harness ? tests : shipped;
  const silent = (name: string, among = files) => name in SILENT || name.startsWith('@types/') || isNamed(name, among);
  return [
    ...difference(shipped, [...runs, manifest.name]).map((name) => `${folder} imports ${name} without depending on it`),
    ...difference(tests, present).map((name) => `specs of ${folder} import ${name}, which is nobody’s dependency`),
    ...difference(runs, needed)
      .filter((name) => !silent(name, harness ? files : files.filter(({ path }) => !isTest(path))))
      .map((name) => `${folder} depends on ${name} and does not use it`),
    ...difference(develops, tests)
      .filter((name) => !silent(name))
      .map((name) => `specs of ${folder} do not use ${name}`),
  ];
}

/** Where a file does something when it is imported; asking for another file for what that does is something too. */
const effectsOf = (file: Source): string[] =>
  parse(file)
    .statements.filter((each) => {
      if (ts.isImportDeclaration(each)) return each.importClause === undefined;
      return ts.isExpressionStatement(each) || ts.isIfStatement(each) || ts.isIterationStatement(each, false);
    })
    .map((each) => `${placeOf(each)} does something when it is imported`);

interface TsConfig {
  readonly references?: readonly { readonly path: string }[];
}
/** The packages that a tsconfig refers to, by name. */
const referencesOf = (folder: string, config: TsConfig): string[] =>
  (config.references ?? []).map(({ path }) => manifestOf(posix.dirname(posix.join(folder, path))).name).sort();

describe('every package', () => {
  const files = sources();
  const filesOf = (folder: string) => [
    ...files.filter(({ path }) => packageOf(path) === folder),
    ...filesBelow(`${folder}/src`, '.mjs').map((path) => source(path, read(path))),
  ];

  it('depends on what it imports, and imports what it depends on', () => {
    const root = manifestOf('.');
    expect(packages().flatMap((folder) => disagreements(folder, manifestOf(folder), root, filesOf(folder)))).toEqual(
      [],
    );
  });

  it.each(packages())('%s compiles against what it depends on', (folder) => {
    const { name, dependencies, devDependencies } = manifestOf(folder);
    const config = (of: string) => JSON.parse(read(`${folder}/tsconfig.${of}.json`)) as TsConfig;
    const runs = ours(namesIn(dependencies));
    expect(referencesOf(folder, config('lib'))).toEqual([...runs].sort());
    expect(referencesOf(folder, config('spec'))).toEqual([...runs, ...ours(namesIn(devDependencies)), name].sort());
  });

  it('that is a library does nothing by being imported, and says so to who makes bundles', () => {
    const libraries = packages().filter((folder) => folder.startsWith('libs/') && !HARNESSES.includes(folder));
    expect(libraries.filter((folder) => manifestOf(folder).sideEffects !== false)).toEqual([]);
    const shipped = files.filter((file) => libraries.includes(packageOf(file.path) ?? '') && !isTest(file.path));
    expect(shipped.flatMap(effectsOf)).toEqual([]);
  });

  it.each(["import './other.js';", 'begin();', 'process.exitCode = 1;', 'if (late) begin();', 'for (;;) begin();'])(
    'is found out when it does something by being imported: %s',
    (text) => expect(effectsOf({ path: 'libs/a/src/a.ts', text })).toHaveLength(1),
  );

  it('is built by the root, in its tsconfig', () => {
    const root = JSON.parse(read('tsconfig.json')) as TsConfig;
    expect(referencesOf('.', root)).toEqual(
      packages()
        .map((folder) => manifestOf(folder).name)
        .sort(),
    );
  });

  describe('is found out when it', () => {
    const root = { name: 'root', devDependencies: { vitest: '1' } };
    const found = (manifest: Partial<Manifest>, ...planted: [path: string, text: string][]) =>
      disagreements(
        'apps/a',
        { name: '@caravan/a', ...manifest },
        root,
        planted.map(([path, text]) => ({ path, text })),
      );

    it('imports what it does not depend on', () =>
      expect(found({}, ['apps/a/src/a.ts', `import 'pg';`])).toEqual(['apps/a imports pg without depending on it']));
    it('ships what only specs may have', () =>
      expect(found({ devDependencies: { pg: '1' } }, ['apps/a/src/a.ts', `import 'pg';`])).toHaveLength(1));
    it('uses in a spec what nobody depends on', () =>
      expect(found({}, ['apps/a/src/a.spec.ts', `import 'pg'; import 'vitest'; import 'node:fs';`])).toHaveLength(1));
    it('depends on what it does not use', () =>
      expect(found({ dependencies: { pg: '1' }, devDependencies: { zod: '1' } })).toHaveLength(2));
  });
});
