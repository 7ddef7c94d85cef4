import { statfs } from 'node:fs/promises';
import { CliError } from '../failures/cli-error.js';
import { refusalIn, refused } from './refusal.js';
import type { End, Supervisor } from './supervisor.js';

/**
 * The supervisor's own contract: how it ends when joining was refused for ever, when another process has the directory, and when the
 * directory, its key or the file is wrong.
 */
const REFUSED_CODE = 3;
const IN_USE_CODE = 75;
const UNFIT_CODE = 78;
/** What it says last then. */
const UNFIT_LINE = /the site cannot be started: (.*?)(?: \((site-directory\.[a-z-]+)\))?$/;
const BAD_FILE = 'site-directory.bad-file';

/** Why the process of a site ended that was started here: a refused site ends soon, perhaps between two looks at it. */
export const endError = async (dir: string, supervisor: Supervisor, { code, how }: End): Promise<CliError> => {
  const tail = await supervisor.tail();
  if (code === REFUSED_CODE) return refusalIn(tail, dir) ?? refused('site.refused', 'The site was refused.', dir);
  if (code === IN_USE_CODE) return inUse(dir);
  const at = supervisor.logFile ?? dir;
  const unfit = code === UNFIT_CODE ? unfitError(tail, at, dir) : undefined;
  if (unfit) return unfit;
  const lines = tail.length > 0 ? tail.map((line) => `\n    ${line.slice(0, 300)}`).join('') : await silence(at);
  return new CliError('site.ended', `The site's process ended (${how}).${lines}`, { at });
};

/** Said once, and not as its log has it, with the same reason in several lines. */
const unfitError = (tail: readonly string[], at: string, dir: string): CliError | undefined => {
  const [, why, code] = tail.map((line) => UNFIT_LINE.exec(line)).findLast((match) => match !== null) ?? [];
  if (why === undefined) return undefined;
  const again =
    'if the file is damaged: ask whoever sent it for another (caravan invite --download, caravan bundle), and join with that in the same --dir';
  return new CliError('site.cannot-start', `The site in ${dir} cannot be started: ${why.slice(0, MOST_OF_A_REASON)}`, {
    at,
    remedy: [
      ...(code === BAD_FILE ? [again] : []),
      `${code === BAD_FILE ? 'otherwise mend' : 'mend'} what it says, and run the same command again`,
    ],
  });
};

const MOST_OF_A_REASON = 1_000;

/** Two commands at once: the other one may be joining with success at this moment, and is not to be stopped. */
const inUse = (dir: string): CliError =>
  new CliError('site.in-use', `Another command is joining or starting the site in ${dir}, or it runs already.`, {
    at: dir,
    remedy: [
      `caravan site status --dir ${dir} shows how far it is`,
      'wait for the other command: it says how it ends',
      'another site needs another --dir',
    ],
  });

/** Nothing in its log is most often no room for one. */
const silence = async (at: string): Promise<string> => {
  const room = await statfs(at).then(
    ({ bavail, bsize }) => `; ${Math.floor((bavail * bsize) / 1024)} KiB are free on its disk`,
    () => '',
  );
  return ` It wrote nothing to its log, or could not${room}.`;
};
