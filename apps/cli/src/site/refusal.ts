import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';

/** Refusals of what was answered, and not of whoever did. */
const ANSWERABLE = ['invitation.site-name-taken', 'invitation.site-name-wrong', 'invitation.details-wrong'];
export const isAnswerable = (code: string | undefined): boolean => code !== undefined && ANSWERABLE.includes(code);

/** A site that will never be one of its network with what it came with: exit 3. */
export const refused = (code: string, detail: string, dir: string): CliError =>
  new CliError(code, detail, {
    exit: EXIT.joinRefused,
    at: dir,
    remedy: isAnswerable(code)
      ? `caravan join <the same file> --dir ${dir}, with other answers: --name <name> --set <what>=<value>`
      : 'ask whoever invited you for another invitation, and join with it in another --dir',
  });

/** What the supervisor says last when joining was refused for ever. */
const REFUSED_LINE = /refused for ever: (.*) \(([a-z0-9.-]+)\)$/;

/** The refusal that one of these lines tells; the latest. */
export const refusalIn = (lines: readonly string[], dir: string): CliError | undefined => {
  const [, detail, code] = lines.map((line) => REFUSED_LINE.exec(line)).findLast((match) => match !== null) ?? [];
  return detail === undefined || code === undefined ? undefined : refused(code, detail, dir);
};

/** Where a site in the background writes. */
export const logFileOf = (dir: string): string => path.join(dir, 'supervisor.log');

/** Why the site that was here last was refused, if that is how it ended. */
export const lastRefusal = async (dir: string): Promise<CliError | undefined> => {
  const log = await readFile(logFileOf(dir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  return refusalIn(log.trimEnd().split('\n').slice(-1), dir);
};
