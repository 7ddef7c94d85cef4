import { EXIT } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';

interface Circumstances {
  readonly exit?: ExitCode;
  /** The URL, file or folder it happened at. */
  readonly at?: string;
  /** What to type or do next; several are alternatives. */
  readonly remedy?: string | readonly string[];
}

/** A refusal that this program decided itself: a stable code, what is wrong, where, and the remedy. */
export class CliError extends Error {
  readonly exit: ExitCode;
  readonly at: string | undefined;
  readonly remedies: readonly string[];

  constructor(
    readonly code: string,
    message: string,
    { exit = EXIT.refused, at, remedy = [] }: Circumstances = {},
  ) {
    super(message);
    this.name = 'CliError';
    this.exit = exit;
    this.at = at;
    this.remedies = typeof remedy === 'string' ? [remedy] : remedy;
  }
}

/** The command line was wrong. */
export const usageError = (code: string, message: string, remedy?: string | readonly string[]): CliError =>
  new CliError(code, message, { exit: EXIT.usage, ...(remedy !== undefined && { remedy }) });

/** Ctrl-C, or a request to stop. `message` says what goes on without this program. */
export const interrupted = (message: string, remedy?: string | readonly string[]): CliError =>
  new CliError('cli.interrupted', message, { exit: EXIT.interrupted, ...(remedy !== undefined && { remedy }) });
