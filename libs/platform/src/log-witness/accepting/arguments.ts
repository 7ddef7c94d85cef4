import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../config/index.js';

/** What the operator says that the log is, and answers for. */
export interface AcceptArguments {
  readonly sequence: number;
  readonly commitHash: string;
  readonly by: string;
  readonly reason: string;
}

export const USAGE = `usage: node dist/main.js accept-log [--sequence <n> --hash <hash> --by <who> --reason <why>]

Without arguments: reads the log from its first entry and says how it differs from what this service has witnessed.

  --sequence  where the log ends, as that has told
  --hash      the hash of the entry there, as that has told ("empty" when the log is)
  --by        who accepts the log as it is; kept
  --reason    why; kept

environment: that of the service
`;

/** Undefined: only a look. @throws ConfigurationError */
export function acceptArguments(argv: readonly string[]): AcceptArguments | undefined {
  const { sequence, hash, by, reason } = parsed(argv);
  if ([sequence, hash, by, reason].every((value) => value === undefined)) return undefined;
  if (!sequence || !/^\d{1,15}$/.test(sequence)) throw wrong('--sequence', 'a position of the log');
  if (!hash || !/^([0-9a-f]{64}|empty)$/.test(hash)) throw wrong('--hash', '64 hexadecimal digits, or "empty"');
  if (!by?.trim()) throw wrong('--by', 'who accepts the log');
  if (!reason?.trim()) throw wrong('--reason', 'why it is accepted');
  return { sequence: Number(sequence), commitHash: hash, by: by.trim(), reason: reason.trim() };
}

function parsed(argv: readonly string[]): Partial<Record<'sequence' | 'hash' | 'by' | 'reason', string>> {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...argv], strict: true, options: { sequence: text, hash: text, by: text, reason: text } })
      .values;
  } catch (error) {
    throw new ConfigurationError([
      { variable: 'the command line', says: 'is wrong', remedy: (error as Error).message },
    ]);
  }
}

const wrong = (variable: string, remedy: string): ConfigurationError =>
  new ConfigurationError([{ variable, says: 'is missing or wrong', remedy }]);
