import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PortRange } from '@caravan/installation';

export interface Arguments {
  /** Play the story, stop everything, exit. */
  readonly once: boolean;
  /** One JSON document on stdout. */
  readonly json: boolean;
  /** No story: a management plane without backbones or networks. */
  readonly empty: boolean;
  /** Forget everything first. */
  readonly reset: boolean;
  /** Look at a log that is not what it was, or accept it as it is; undefined: neither. */
  readonly acceptLog: AcceptLog | undefined;
  /** What `cert-service init` is told about a root that was made elsewhere. */
  readonly rootArguments: readonly string[];
  /** Where it looks for ports that it does not have yet; undefined: the usual ones. */
  readonly portRange: PortRange | undefined;
  readonly help: boolean;
  readonly stateDir: string | undefined;
}

/** How `accept-log` is called for each service that writes: without arguments it only looks. */
export interface AcceptLog {
  readonly args: readonly string[];
}

export const USAGE = `npm start -- [options]

  --once          play the story, stop everything and exit (non-zero if a step failed)
  --json          stdout is one JSON document (with --once)
  --empty         only the management plane: no backbone, no network, no story
  --reset         begin anew: everything in .caravan but downloads is removed
  --accept-log    say how the log differs from what was witnessed, and stop; with --sequence, --hash, --by and --reason,
                  as that says, accept it as it is (docs/reliability.md, "The log")
  --root-certificate <file>  a root of your own, PEM or PKCS#12, with --root-key and --root-passphrase-file where it needs them;
                  with --offline (and --empty) its key stays where it is, and --signed brings what it signed; with --next
                  it is for the next rotation of the installation
  --state <dir>   where it keeps its state (default .caravan, or CARAVAN_STATE)
  --ports <first>-<last>  where it listens on loopback (default 20000-31999, and 4400 for the API if that is free); ports that it
                  has had before stay

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
      ports: { type: 'string' },
      'accept-log': { type: 'boolean', default: false },
      sequence: { type: 'string' },
      hash: { type: 'string' },
      by: { type: 'string' },
      reason: { type: 'string' },
      'root-certificate': { type: 'string' },
      'root-key': { type: 'string' },
      'root-passphrase-file': { type: 'string' },
      signed: { type: 'string' },
      offline: { type: 'boolean', default: false },
      next: { type: 'boolean', default: false },
    },
  });
  if (values.json && !values.once)
    throw new Error('--json needs --once: the document is written when everything is over.');
  if ((values.offline || values.signed !== undefined) && !values.empty) {
    throw new Error('--offline and --signed need --empty: the story has a backbone, which nobody here could sign.');
  }
  return {
    once: values.once,
    json: values.json,
    empty: values.empty,
    reset: values.reset,
    acceptLog: readAcceptLog(values),
    rootArguments: rootArguments(values, env['INIT_CWD'] ?? process.cwd()),
    portRange: values.ports === undefined ? undefined : readPorts(values.ports),
    help: values.help,
    stateDir: values.state ?? env['CARAVAN_STATE'],
  };
}

const FEWEST_PORTS = 20;

function readPorts(text: string): PortRange {
  const [first = 0, last = 0] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).slice(1).map(Number);
  if (first >= 1_024 && last <= 65_535 && last - first >= FEWEST_PORTS - 1) return { first, last };
  throw new Error(
    `--ports ${text}: give the first and the last, as in 21000-21999, at least ${FEWEST_PORTS} from 1024 on.`,
  );
}

const ROOT_FILES = ['root-certificate', 'root-key', 'root-passphrase-file', 'signed'] as const;

/** npm runs programs in the folder of the project; files are named as seen from where somebody typed. */
const rootArguments = (
  values: Partial<Record<(typeof ROOT_FILES)[number], string>> & {
    readonly offline: boolean;
    readonly next: boolean;
  },
  typedIn: string,
): string[] => [
  ...ROOT_FILES.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, resolve(typedIn, values[name])])),
  ...(values.offline ? ['--offline'] : []),
  ...(values.next ? ['--next'] : []),
];

const ACCEPTING = ['sequence', 'hash', 'by', 'reason'] as const;
const NOT_WITH_ACCEPT_LOG = ['once', 'json', 'empty', 'reset'] as const;

type AcceptingValues = Partial<Record<(typeof ACCEPTING)[number], string>> &
  Readonly<Record<'accept-log' | (typeof NOT_WITH_ACCEPT_LOG)[number], boolean>>;

function readAcceptLog(values: AcceptingValues): AcceptLog | undefined {
  const given = ACCEPTING.filter((name) => values[name] !== undefined);
  if (!values['accept-log']) {
    if (given.length > 0) throw new Error(`--${given[0]} needs --accept-log.`);
    return undefined;
  }
  const other = NOT_WITH_ACCEPT_LOG.find((name) => values[name]);
  if (other) throw new Error(`--accept-log cannot be combined with --${other}.`);
  const missing = ACCEPTING.filter((name) => !values[name]?.trim());
  if (given.length > 0 && missing.length > 0)
    throw new Error(
      `--${missing.join(' and --')} is missing: a log is accepted with all four of --${ACCEPTING.join(', --')}.`,
    );
  return { args: given.flatMap((name) => [`--${name}`, values[name] ?? '']) };
}
