import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import { nodesOf, parse, placeOf } from './code/syntax.js';
import { filesBelow, read, source, sources } from './code/workspace.js';
import type { Source } from './code/workspace.js';

vi.setConfig({ testTimeout: 30_000 }); // whoever is first reads all that there is

/** Rooms are named by what they are about; what is in these could be about anything. */
const NAMELESS = /^(services|utils?|common|helpers?|misc|managers?|shared|lib)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What is wrong with the folders and the name of a file, in words. */
function misplaced(path: string): string[] {
  const [file = '', ...folders] = path.split('/').reverse();
  const nameless = folders
    .filter((folder) => NAMELESS.test(folder))
    .map((folder) => `${path}: a folder called ${folder}`);
  const [stem = '', ...roles] = file.split('.').slice(0, -1);
  const odd = [stem, ...roles].every((part) => kebab.test(part)) ? [] : [`${path}: not in kebab-case`];
  return [...nameless, ...odd];
}

/** Names that say what a thing is made like instead of what it is. */
const MADE_LIKE = /(Impl|Manager|Helper|Utils?|Base)$/;
/** Of libraries: their names are theirs. */
const NOT_OURS = new Set(['JetStreamManager']);

function misnamed(file: Source): string[] {
  return [...nodesOf(parse(file))].flatMap((node) => {
    const declares =
      ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeAliasDeclaration(node)
        ? node
        : undefined;
    const name = declares?.name?.text;
    if (name === undefined || NOT_OURS.has(name)) return [];
    const prefixed = /^I[A-Z][a-z]/.test(name);
    return prefixed || MADE_LIKE.test(name) ? `${placeOf(node)} declares ${name}` : [];
  });
}

/** Work that was left where it lay. With the number of an issue it may stay. */
const leftovers = ({ path, text }: Source): string[] =>
  text
    .split('\n')
    .flatMap((line, index) =>
      /\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d)/.test(line) ? `${path}:${index + 1}: ${line.trim()}` : [],
    );

describe('names', () => {
  const paths = ['apps', 'libs', 'test', 'launch'].flatMap((folder) => filesBelow(folder, '.ts', '.tsx', '.mjs'));

  it('of folders and files say what is in them', () => {
    expect(paths.filter((path) => !path.includes('/migrations/')).flatMap(misplaced)).toEqual([]);
  });

  it('of types say what they are', () => {
    expect(sources().flatMap(misnamed)).toEqual([]);
  });

  it('of work to do are in issues, not in files', () => {
    const here = new Set(['test/architecture/names.spec.ts', 'launch/node-suite.mjs']); // they look for the words
    const files = paths.filter((path) => !here.has(path)).map((path) => source(path, read(path)));
    expect(files.flatMap(leftovers)).toEqual([]);
  });

  it.each([
    'apps/a/src/services/a.ts',
    'libs/a/src/utils/a.ts',
    'libs/a/src/common/a.ts',
    'apps/a/src/helpers/a.ts',
    'apps/a/src/misc/a.ts',
    'apps/a/src/managers/a.ts',
    'apps/a/src/someThing.ts',
    'apps/a/src/Thing.ts',
    'apps/a/src/some_thing.spec.ts',
  ])('like %s are found', (path) => expect(misplaced(path)).toHaveLength(1));

  it.each([
    'interface IThing {}',
    'class ThingImpl {}',
    'class ThingManager {}',
    'type ThingHelper = 1',
    'class ThingBase {}',
  ])('like in %s are found', (text) => expect(misnamed(source('a.ts', text))).toHaveLength(1));

  it.each(['interface Item {}', 'interface IPAddress {}', 'class Baseline {}', 'class Managed {}'])(
    'like in %s are fine',
    (text) => expect(misnamed(source('a.ts', text))).toEqual([]),
  );

  it('of what is left to do are found, unless an issue has it', () => {
    const left = ['// TODO later', '/* FIXME */', '// TODO(#7) later', '// nothing to do'];
    expect(leftovers(source('a.ts', left.join('\n')))).toEqual(['a.ts:1: // TODO later', 'a.ts:2: /* FIXME */']);
  });
});
