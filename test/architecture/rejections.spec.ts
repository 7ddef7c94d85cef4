import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nodesOf, parse } from './code/syntax.js';
import { isTest, packageOf, source, sources } from './code/workspace.js';
import type { Source } from './code/workspace.js';

/** The codes that a file refuses with, as far as it spells them. */
const codesIn = (file: Source): string[] =>
  [...nodesOf(parse(file))]
    .filter(ts.isNewExpression)
    .filter((made) => made.expression.getText() === 'Rejection')
    .map((made) => made.arguments?.[0])
    .filter((code) => code !== undefined && ts.isStringLiteralLike(code))
    .map((code) => (code as ts.StringLiteral).text);

/** Codes that no spec of their package names, nor any suite of the whole. */
function unspecified(files: readonly Source[]): string[] {
  const tests = files.filter(({ path }) => isTest(path));
  const isNamed = (code: string, room: string | undefined): boolean =>
    tests.some(
      ({ path, text }) => (packageOf(path) === room || path.startsWith('test/')) && text.includes(`'${code}'`),
    );
  return files
    .filter(({ path }) => !isTest(path))
    .flatMap((file) => codesIn(file).map((code) => ({ code, path: file.path })))
    .filter(({ code, path }) => !isNamed(code, packageOf(path)))
    .map(({ code, path }) => `no spec names ${code} of ${path}`);
}

describe('what is refused', () => {
  const files = sources().filter(({ text, path }) => isTest(path) || text.includes('Rejection('));

  it('has a spec for every code', () => {
    expect(files.filter(({ path }) => !isTest(path)).length).toBeGreaterThan(20);
    expect(unspecified(files)).toEqual([]);
  });

  it('has a code of the form <what>.<reason>', () => {
    const codes = files.filter(({ path }) => !isTest(path)).flatMap(codesIn);
    expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });

  describe('is missed', () => {
    const thrown = source('apps/a/src/a.ts', `throw new Rejection('thing.broken', {});`);
    const named = (path: string) => source(path, `given().when(it).thenRejects('thing.broken');`);

    it('when nobody says it', () =>
      expect(unspecified([thrown])).toEqual(['no spec names thing.broken of apps/a/src/a.ts']));
    it('when only another package says it', () =>
      expect(unspecified([thrown, named('apps/b/src/b.spec.ts')])).toHaveLength(1));
    it('and not when a spec of its own, or one of the whole, says it', () => {
      expect(unspecified([thrown, named('apps/a/src/a.spec.ts')])).toEqual([]);
      expect(unspecified([thrown, named('test/e2e/01-a.e2e.spec.ts')])).toEqual([]);
    });
  });
});
