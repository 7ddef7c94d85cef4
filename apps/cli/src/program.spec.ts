import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';
import type { CommandSpec } from './command.js';
import { buildProgram } from './program.js';
import { splitSlashedName } from './resources/verb.js';
import type { Terminal } from './terminal.js';

const terminal: Terminal = {
  env: {},
  cwd: '/',
  home: '/',
  isInteractive: false,
  out: () => undefined,
  err: () => undefined,
  now: () => new Date(0),
  newId: () => '',
  onInterrupt: () => () => undefined,
};

const every = (specs: readonly CommandSpec[], above = ''): [string, CommandSpec][] =>
  specs.flatMap((spec) => {
    const path = `${above} ${spec.name}`.trim();
    return [[path, spec] as [string, CommandSpec], ...every(spec.subcommands ?? [], path)];
  });

/** As a shell takes a line that has quotes of one kind. */
const wordsOf = (line: string): string[] =>
  (line.match(/'[^']*'|[^ ]+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));

/** Which command a line would run; parsed by the real parser, run by nobody. */
const dispatched = async (line: string): Promise<string | undefined> => {
  let ran: string | undefined;
  const program = buildProgram(commands, '0', terminal, async (path) => void (ran = path));
  await program.parseAsync(splitSlashedName(wordsOf(line).slice(1)), { from: 'user' });
  return ran;
};

describe('every command', () => {
  it.each(every(commands))('%s has an example of itself that the parser takes', async (path, spec) => {
    expect(spec.examples.length).toBeGreaterThan(0);
    for (const example of spec.examples) {
      expect(example).toMatch(/^caravan /);
      expect({ example, ran: await dispatched(example) }).toEqual({
        example,
        ran: expect.stringMatching(new RegExp(`^${path}( |$)`)),
      });
    }
  });

  it.each(every(commands))('%s says what it is about, and so do its options', (_, spec) => {
    expect(spec.about).toMatch(/^[A-Za-z][^\n]{10,}[^.]$/);
    for (const { about } of spec.flags ?? []) expect(about).toMatch(/\S/);
  });

  it('is refused with an option that it does not have', async () => {
    await expect(dispatched('caravan get networks --colour red')).rejects.toMatchObject({
      code: 'commander.unknownOption',
    });
  });
});
