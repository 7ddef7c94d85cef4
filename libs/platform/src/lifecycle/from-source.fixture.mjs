// `node --conditions=@caravan/source --import <this file> main.ts` runs a process from source, as the tests themselves run:
// what is tested is never a build that may be old.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformSync } from '@swc/core';

if (isMainThread) register(import.meta.url);

/** Relative imports end in `.js`; the file beside it ends in `.ts`. */
export async function resolve(specifier, context, next) {
  const isOurs = context.parentURL?.endsWith('.ts') && specifier.startsWith('.');
  return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  });
  return { format: 'module', shortCircuit: true, source: code };
}
