import { parseArgs } from 'node:util';

export interface Arguments {
  /** Play the story, stop everything, exit. */
  readonly once: boolean;
  /** One JSON document on stdout. */
  readonly json: boolean;
  /** No story: a management plane without backbones or networks. */
  readonly empty: boolean;
  /** Forget everything first. */
  readonly reset: boolean;
  readonly help: boolean;
  readonly stateDir: string | undefined;
}

export const USAGE = `npm start -- [options]

  --once          play the story, stop everything and exit (non-zero if a step failed)
  --json          stdout is one JSON document (with --once)
  --empty         only the management plane: no backbone, no network, no story
  --reset         begin anew: everything in .caravan but downloads is removed
  --state <dir>   where it keeps its state (default .caravan, or CARAVAN_STATE)

Without --once it goes on until Ctrl-C. A second start resumes what the first one made.
`;

/** @throws Error for an option that there is not, naming it. */
export function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
      state: { type: 'string' },
    },
  });
  if (values.json && !values.once)
    throw new Error('--json needs --once: the document is written when everything is over.');
  return {
    once: values.once,
    json: values.json,
    empty: values.empty,
    reset: values.reset,
    help: values.help,
    stateDir: values.state ?? env['CARAVAN_STATE'],
  };
}
