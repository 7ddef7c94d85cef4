import { CommanderError } from 'commander';
import type { CommandSpec } from './command.js';
import { commands } from './commands.js';
import { usageError } from './failures/cli-error.js';
import { EXIT } from './failures/exit-codes.js';
import type { ExitCode } from './failures/exit-codes.js';
import { failureJson, failureOf, failureText } from './failures/failure.js';
import { buildProgram } from './program.js';
import { splitSlashedName } from './resources/verb.js';
import type { Terminal } from './terminal.js';
import { VERSION } from './workspace.js';

/** Runs one command line to its end and says how the process should. Never throws. */
export const run = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  try {
    await buildProgram(commands, VERSION, terminal).parseAsync(splitSlashedName(argv), { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return fail(error, argv, terminal);
  }
};

const fail = (error: unknown, argv: readonly string[], terminal: Terminal): ExitCode => {
  if (error instanceof CommanderError) {
    // Help and version were printed; help that nobody asked for means that something is missing.
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return EXIT.ok;
    if (error.code === 'commander.help') return EXIT.usage;
  }
  const failure = failureOf(error instanceof CommanderError ? misread(error, argv) : error);
  terminal.err(wantsJson(argv) ? failureJson(failure) : failureText(failure));
  if (terminal.env['CARAVAN_DEBUG'] && error instanceof Error) terminal.err(`${error.stack}\n`);
  return failure.exit;
};

/** The parser's own words, with a code like everyone else's: `commander.unknownOption` is `cli.unknown-option`. */
const misread = ({ code, message }: CommanderError, argv: readonly string[]): Error => {
  const own = code.replace(/^commander\./, 'cli.').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const [said = '', hint] = message.replace(/^error: /, '').split('\n');
  const meant = /Did you mean (?:one of )?(.*)\?/.exec(hint ?? '')?.[1];
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  return usageError(
    own,
    meant === undefined ? sentence : `${sentence} Did you mean ${meant}?`,
    `${commandIn(argv)} --help`,
  );
};

/** The command that a line means, as far as its words are commands: whose help says what it takes. Pure. */
export const commandIn = (argv: readonly string[]): string => {
  const path = ['caravan'];
  let choices: readonly CommandSpec[] = commands;
  for (const word of splitSlashedName(argv)) {
    const meant = choices.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
    if (!meant) continue;
    path.push(meant.name);
    choices = meant.subcommands ?? [];
  }
  return path.join(' ');
};

// Also where the line could not be parsed: a program that reads errors must not get prose.
const wantsJson = (argv: readonly string[]): boolean =>
  argv.some(
    (word, at) => /^(-o=?|--output=)json$/.test(word) || (/^(-o|--output)$/.test(word) && argv[at + 1] === 'json'),
  );
