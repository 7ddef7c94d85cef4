import { Command, Option } from 'commander';
import type { CommandSpec, Invocation } from './command.js';
import type { Options } from './options.js';
import { connect } from './connection/connection.js';
import { exitCodeTable } from './failures/exit-codes.js';
import { readOutputFormat, outputFormats } from './output/format.js';
import type { Terminal } from './terminal.js';
import { textOption } from './options.js';

/** What is done with a command once its line was understood. Specs that only parse give another. */
export type Runner = (path: string, run: () => Promise<void>) => Promise<void>;

const exampleText = (examples: readonly string[]): string =>
  `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((each) => `  ${each}`).join('\n')}`;

const firstSteps = [
  'caravan status',
  'caravan invite retail store --limit 5',
  'caravan join retail-store.invitation.json',
  'caravan get members --network retail',
];

const exitCodeText = `\nExit codes:\n${exitCodeTable.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`).join('\n')}`;

const environmentText = `
Environment:
  CARAVAN_URL, CARAVAN_TOKEN, CARAVAN_TOKEN_FILE  come before what login stored
  CARAVAN_CERTIFICATE_AUTHORITY, CARAVAN_CLIENT_CERTIFICATE, CARAVAN_CLIENT_KEY  the same, over TLS
  CARAVAN_CONFIG           where login stores it (~/.config/caravan/config.json)
  CARAVAN_SUPERVISOR_MAIN  the script that runs a site, when it is not installed beside this program`;

const invocationOf = (command: Command, args: readonly string[], terminal: Terminal): Invocation => {
  const options: Options = command.optsWithGlobals();
  return {
    args,
    options,
    output: readOutputFormat(textOption(options, 'output')),
    terminal,
    connect: (how) => connect(options, terminal, how),
  };
};

const build = (spec: CommandSpec, path: string, terminal: Terminal, runner: Runner): Command => {
  const command = new Command(spec.name)
    .aliases([...(spec.aliases ?? [])])
    .description(spec.about)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exampleText(spec.examples));
  for (const { syntax, about } of spec.args ?? []) command.argument(syntax, about);
  for (const { syntax, about, repeats, required } of spec.flags ?? []) {
    const option = new Option(syntax, repeats ? `${about}; repeat it${repeats === true ? ', or commas' : ''}` : about);
    const values = (text: string) => (repeats === 'whole' ? [text] : text.split(','));
    if (repeats) option.argParser((text: string, before?: string[]) => [...(before ?? []), ...values(text)]);
    command.addOption(option.makeOptionMandatory(!!required));
  }
  for (const child of spec.subcommands ?? [])
    command.addCommand(build(child, `${path} ${child.name}`, terminal, runner));

  const { run, onUnknownWord } = spec;
  if (run) {
    command.action(() => runner(path, () => run(invocationOf(command, command.args, terminal))));
  } else if (onUnknownWord) {
    // Its options belong to the subcommand that was meant; only the word is judged here.
    command.argument('[kind]').usage('<kind> [options]').allowUnknownOption().allowExcessArguments();
    command.action((word: string | undefined) => {
      if (word === undefined || word.startsWith('-')) return command.help({ error: true });
      return runner(path, async () => onUnknownWord(word, invocationOf(command, command.args, terminal)));
    });
  }
  return command;
};

/** The whole command line. Errors of parsing are thrown (`CommanderError`), never printed. */
export const buildProgram = (
  commands: readonly CommandSpec[],
  version: string,
  terminal: Terminal,
  runner: Runner = (_path, run) => run(),
): Command => {
  const program = new Command('caravan')
    .description('Application networks over shared backbones: sites join by invitation.')
    .version(version, '--version', 'print the version')
    .option('-o, --output <format>', outputFormats.join('|'), 'table')
    .option('--url <url>', 'base URL of the management API')
    .option('--token <token>', 'bearer token; others on this machine can see it: prefer --token-file')
    .option('--token-file <file>', 'file that holds the bearer token')
    .option(
      '--certificate-authority <file>',
      'PEM file of whom the API must be proved by; else those that this system trusts',
    )
    .option('--client-certificate <file>', 'PEM file of an administrator’s certificate, instead of a token')
    .option('--client-key <file>', 'PEM file of its key')
    .option('--context <name>', 'which stored login to use')
    .helpCommand(false)
    .addHelpText('after', `${exampleText(firstSteps)}\n${environmentText}\n${exitCodeText}`);
  for (const spec of commands) program.addCommand(build(spec, spec.name, terminal, runner));
  quiet(program, terminal);
  return program;
};

const quiet = (command: Command, terminal: Terminal): void => {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text),
    writeErr: (text) => terminal.err(text),
    outputError: () => undefined,
  });
  command.commands.forEach((child) => quiet(child, terminal));
};
