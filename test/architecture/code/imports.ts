import { posix } from 'node:path';
import ts from 'typescript';
import type { Source } from './workspace.js';

/** What a file imports, re-exports or loads, types included: module specifiers as they are written. */
export const importsOf = ({ text }: Source): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

export const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** The file that a relative import means: `libs/events/src/commit.ts`. */
export const resolved = (from: string, specifier: string): string =>
  posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');

/** `@nestjs/common` of `@nestjs/common/constants.js`: what must be in a package.json. */
export const packageNamed = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

export const isBuiltIn = (specifier: string): boolean => specifier.startsWith('node:');
