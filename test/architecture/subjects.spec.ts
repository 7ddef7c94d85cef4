import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nodesOf, parse, placeOf } from './code/syntax.js';
import { shipped, source } from './code/workspace.js';
import type { Source } from './code/workspace.js';

/** `caravan.<word>.` begins a subject. Addresses and formats (`caravan.control`, `caravan.invitation`) end after the word. */
const subject = /^caravan\.[a-z-]+\./;

/** The subjects that a file spells out, in words. */
const spelled = (file: Source): string[] =>
  [...nodesOf(parse(file))]
    .filter((node) => ts.isStringLiteralLike(node) || ts.isTemplateHead(node))
    .filter(({ text }) => subject.test(text))
    .map((node) => `${placeOf(node)} spells ${node.text}`);

describe('subjects', () => {
  it('are spelled out in libs/events and nowhere else', () => {
    const [at, elsewhere] = [true, false].map((here) =>
      shipped().filter(({ path }) => path.startsWith('libs/events/') === here),
    );
    expect(at!.flatMap(spelled).length).toBeGreaterThan(5);
    expect(elsewhere!.flatMap(spelled)).toEqual([]);
  });

  it.each(["'caravan.evt.>'", '`caravan.site.${id}.sync`', '"caravan.claim.*"', '`caravan.evt.${context}`'])(
    'are found in %s',
    (text) => {
      expect(spelled(source('apps/relay/src/planted.ts', `const a = ${text};`))).toHaveLength(1);
    },
  );

  it.each(["'caravan.control'", "'caravan.invitation'", "'caravan.control is reserved'", '1 // caravan.evt.>'])(
    'are not %s',
    (text) => {
      expect(spelled(source('apps/relay/src/planted.ts', `const a = ${text};`))).toEqual([]);
    },
  );
});
