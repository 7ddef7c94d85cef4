import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestOf, packages, read, ROOT } from './code/workspace.js';

interface Line {
  readonly name: string;
  readonly why: string;
  readonly licence: string;
  readonly maintainer: string;
}

/** The rows of the tables whose first cell is a name in code. */
const linesOf = (page: string): Line[] =>
  [...page.matchAll(/^\| `([^`]+)` *\|(.*)\|(.*)\|(.*)\|$/gm)].map(([, name = '', ...cells]) => {
    const [why = '', licence = '', maintainer = ''] = cells.map((cell) => cell.trim());
    return { name, why, licence, maintainer };
  });

interface Direct {
  readonly name: string;
  readonly version: string;
  readonly of: string;
}
const direct = ['.', ...packages()].flatMap((of): Direct[] => {
  const { dependencies, devDependencies } = manifestOf(of);
  const all = Object.entries({ ...dependencies, ...devDependencies });
  return all.filter(([name]) => !name.startsWith('@caravan/')).map(([name, version]) => ({ name, version, of }));
});

/** What a page and the dependencies disagree about, in words. */
function disagreements(lines: readonly Line[], dependencies: readonly Pick<Direct, 'name'>[]): string[] {
  const [written, needed] = [lines.map(({ name }) => name), [...new Set(dependencies.map(({ name }) => name))]];
  return [
    ...needed.filter((name) => !written.includes(name)).map((name) => `${name} has no line`),
    ...written.filter((name) => !needed.includes(name)).map((name) => `${name} is nobody’s dependency`),
    ...written.filter((name, index) => written.indexOf(name) !== index).map((name) => `${name} has two lines`),
    ...lines.filter((line) => Object.values(line).includes('')).map(({ name }) => `${name} has an empty cell`),
  ];
}

const licenceOf = ({ name, of }: Direct): unknown => {
  const path = [of, '.'].map((at) => join(ROOT, at, 'node_modules', name, 'package.json')).find(existsSync);
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as { license?: unknown }).license;
};

describe('docs/dependencies.md', () => {
  const lines = linesOf(read('docs/dependencies.md'));

  it('has one line for each direct dependency, and no other', () => {
    expect(direct.length).toBeGreaterThan(30);
    expect(disagreements(lines, direct)).toEqual([]);
  });

  it('says the licence that is installed', () => {
    for (const dependency of direct) {
      const written = lines.find(({ name }) => name === dependency.name)?.licence;
      expect({ name: dependency.name, licence: written }).toEqual({
        name: dependency.name,
        licence: licenceOf(dependency),
      });
    }
  });

  it('is about exact versions, one for each dependency', () => {
    expect(direct.filter(({ version }) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const versions = new Set(direct.map(({ name, version }) => `${name} ${version}`));
    expect(versions.size).toBe(new Set(direct.map(({ name }) => name)).size);
  });

  it('is found out when it lacks a line, has one too many, or leaves a cell empty', () => {
    const page = '| `pg` | PostgreSQL | MIT | its author |\n| `left-pad` | pads |  | nobody |\n| `pg` | a | b | c |';
    expect(disagreements(linesOf(page), [{ name: 'pg' }, { name: 'zod' }])).toEqual([
      'zod has no line',
      'left-pad is nobody’s dependency',
      'pg has two lines',
      'left-pad has an empty cell',
    ]);
  });
});
