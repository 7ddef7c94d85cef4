import type { CommandSpec, Flag, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { findKind, kindOf, kinds, unknownKind, wordsFor } from '../kinds/kinds.js';
import type { Kind } from '../kinds/kind.js';

interface Verb {
  readonly name: 'get' | 'describe' | 'create' | 'delete' | 'revoke' | 'evict' | 'approve' | 'decline';
  readonly about: string;
  readonly examples: readonly string[];
  readonly takes: (kind: Kind) => boolean;
  readonly commandFor: (kind: Kind) => Pick<CommandSpec, 'args' | 'flags' | 'examples' | 'run'>;
}

/** The options that say within what a kind is: one for each parent; of what is found as another, where to look for that. */
export const parentFlags = (kind: Kind): readonly Flag[] =>
  (kind.foundAs ?? [kind.name])
    .flatMap((name) => kindOf(name).parents)
    .map((name) => kindOf(name))
    .map(({ flag, name }) => ({
      syntax: `--${flag} <${flag}>`,
      about: kind.foundAs ? `look in this ${name} only` : `which ${name}; not needed if there is only one`,
    }));

/** One subcommand for each kind of the table that the verb can be used with. */
export const verbCommand = ({ name, about, examples, takes, commandFor }: Verb): CommandSpec => {
  const choices = kinds.filter(takes);
  return {
    name,
    about,
    examples,
    subcommands: choices.map((kind) => {
      const shown = name === 'get' ? kind.plural : kind.name;
      const aliases = wordsFor(kind).filter((word) => word !== shown);
      return { name: shown, aliases, about: kind.about, ...commandFor(kind) };
    }),
    onUnknownWord: (word) => {
      throw unknownKind(word, name, choices);
    },
  };
};

/** The name or id that a command must have. */
export const requiredRef = ({ args }: Invocation, kind: Kind, verb: string): string => {
  const [ref] = args;
  if (ref !== undefined) return ref;
  throw usageError('cli.missing-argument', `Which ${kind.name}?`, `caravan ${verb} ${kind.name} <name|id>`);
};

const VERBS = new Set(['get', 'describe', 'delete', 'revoke', 'evict', 'approve', 'decline']);

/** kubectl's other spelling: `delete network/retail` is `delete network retail`, as `-o name` prints it. */
export const splitSlashedName = (argv: readonly string[]): readonly string[] => {
  const [verb, word, ...rest] = argv;
  const slash = word?.indexOf('/') ?? -1;
  if (verb === undefined || word === undefined || !VERBS.has(verb) || slash < 1) return argv;
  const kind = findKind(word.slice(0, slash));
  return kind ? [verb, kind.name, word.slice(slash + 1), ...rest] : argv;
};
