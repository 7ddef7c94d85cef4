import { rebuildProjections } from '@caravan/api';
import type { CommandSpec, Invocation } from '../command.js';
import { machineText } from '../output/format.js';

/** A rebuild reads the whole log. */
const PATIENCE_MS = 3_600_000;

const rebuild = async ({ connect, output, terminal }: Invocation): Promise<void> => {
  const api = await connect({ timeoutMs: PATIENCE_MS });
  terminal.err('Every list is being made anew from the log; readers see the old ones until all are there …\n');
  const answer = await api.call(rebuildProjections, { idempotencyKey: terminal.newId() });
  const seconds = (answer.ms / 1000).toFixed(1);
  terminal.out(
    machineText(output, answer) ?? `Rebuilt up to position ${answer.position} of the log in ${seconds} s.\n`,
  );
};

export const adminCommand: CommandSpec = {
  name: 'admin',
  about: 'Look after the installation itself',
  examples: ['caravan admin rebuild-projections'],
  subcommands: [
    {
      name: 'rebuild-projections',
      about: 'Make every list anew from the log, as after a change of how they are made',
      examples: ['caravan admin rebuild-projections'],
      run: rebuild,
    },
  ],
};
