import type { Api } from './connection/connection.js';
import type { Options } from './options.js';
import type { OutputFormat } from './output/format.js';
import type { Terminal } from './terminal.js';

/** An option of a command, as it stands in the help: `--port <port>`, `-A, --all`. */
export interface Flag {
  readonly syntax: string;
  readonly about: string;
  /** May be given several times; of one that is not `whole` also several values with commas. */
  readonly repeats?: true | 'whole';
  readonly required?: true;
}

/** Says what would happen, and does nothing. */
export const DRY_RUN: Flag = { syntax: '--dry-run', about: 'say what it would do, and do nothing' };

/** What a command is given when it runs. Options are found by their long name in camelCase. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: OutputFormat;
  readonly terminal: Terminal;
  /** The management API that options, environment or login say. Throws `cli.not-logged-in`. */
  readonly connect: (how?: { timeoutMs?: number }) => Promise<Api>;
}

/**
 * A command as data: `program.ts` turns it into a parser and a help page, and so can a generator of references or shell
 * completion. A command with subcommands and no `run` prints its help.
 */
export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly about: string;
  /** `<network>`, `[name]`. */
  readonly args?: readonly { readonly syntax: string; readonly about: string }[];
  readonly flags?: readonly Flag[];
  /** Each begins with `caravan` and can be run as it stands in an installation that has what it names. */
  readonly examples: readonly string[];
  readonly subcommands?: readonly CommandSpec[];
  /** With subcommands: what answers a word that is none of them. */
  readonly onUnknownWord?: (word: string, invocation: Invocation) => Promise<void> | void;
  readonly run?: (invocation: Invocation) => Promise<void>;
}
