import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';
import { findKind } from './kinds/kinds.js';

const root = new URL('../../../', import.meta.url);
const documents = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** Every `caravan ...` that a document tells somebody to type. */
const typed = (text: string): string[] =>
  [...text.matchAll(/(?:^|`)caravan ([a-z][^`\n#]*)/gm)].map(([, words]) => words!.trim());

const VERBS_OF_KINDS = new Set(['get', 'describe', 'create', 'delete', 'revoke', 'evict']);

/** What is wrong with a command, as far as its words say. */
function wrong(command: string): string | undefined {
  const [verb = '', noun] = command.split(/\s+/);
  const spec = commands.find(({ name }) => name === verb);
  if (!spec) return `there is no "caravan ${verb}"`;
  if (noun === undefined || noun.startsWith('-')) return undefined;
  if (VERBS_OF_KINDS.has(verb)) return findKind(noun) ? undefined : `there is no kind "${noun}"`;
  const { subcommands } = spec;
  if (!subcommands || /[<|]/.test(command) || subcommands.some(({ name }) => name === noun)) return undefined;
  return `there is no "caravan ${verb} ${noun}"`;
}

describe('what documents tell people to type', () => {
  it.each(documents)('%s names commands that there are', (name) => {
    expect(typed(readFileSync(new URL(name, root), 'utf8')).flatMap((each) => wrong(each) ?? [])).toEqual([]);
  });

  it('is looked at', () => {
    expect(typed('`caravan get networks` and\ncaravan rotate network retail # now\n')).toEqual([
      'get networks',
      'rotate network retail',
    ]);
    expect(['get nothings', 'rotate house', 'fly'].map(wrong)).not.toContain(undefined);
  });
});
