import type { LocalState, SiteFile } from '@caravan/api';
import { textOption } from '../options.js';
import type { Invocation } from '../command.js';
import { CliError, interrupted, usageError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { badDuration, durationMs } from '../kinds/moment.js';
import type { Terminal } from '../terminal.js';
import type { Answers } from './answers.js';
import { awaitJoined } from './await-joined.js';
import type { Joined } from './await-joined.js';
import { overOf, readLocalSite, readState } from './local-site.js';
import { refuseOther, refuseOtherFile } from './other-file.js';
import { startSupervisor } from './supervisor.js';
import type { Supervisor } from './supervisor.js';

interface Run {
  readonly dir: string;
  readonly file?: string | undefined;
  /** What the file says. */
  readonly content?: SiteFile;
  readonly foreground: boolean;
  readonly answers?: Answers | undefined;
}

/** In the foreground whoever started it decides how long; a service is not to end because a backbone is away. */
const readTimeout = (text: string | undefined, foreground: boolean): number => {
  if (text === undefined && foreground) return Infinity;
  const timeout = durationMs(text ?? '5m');
  if (timeout !== undefined) return timeout;
  throw badDuration(text ?? '', 'timeout', '5m');
};

const alreadyRunning = async (dir: string): Promise<Joined | undefined> => {
  const site = await readLocalSite(dir);
  const state = site && (await readState(site));
  return state && { site, state };
};

/**
 * Starts the site of a directory unless it runs, follows it until it has joined, and tells `onJoined`. In the background the
 * site outlives this program and Ctrl-C; only one that was started here and refused is stopped again. In the foreground it
 * ends with this program, which stays as long as the site runs.
 */
export const runSite = async (
  { dir, file, content, foreground, answers }: Run,
  { terminal, options }: Invocation,
  onJoined: (joined: Joined) => void,
): Promise<void> => {
  const timeoutMs = readTimeout(textOption(options, 'timeout'), foreground);
  const say = (line: string) => terminal.err(line);
  const runs = await alreadyRunning(dir);
  if (runs && content) {
    refuseOther(runs.state, content, dir);
    await refuseOtherFile(runs.site, runs.state, content);
  }
  if (runs && foreground) {
    throw usageError('site.running', `The site in ${dir} runs already.`, `caravan site stop --dir ${dir}`);
  }
  if (runs) say(`The site in ${dir} runs already.\n`);

  // Heard from before the start: a child that nobody waits for must not be left by a signal in between.
  const stop = interruption(foreground, dir, terminal);
  let supervisor: Supervisor | undefined;
  try {
    supervisor = runs ? undefined : await startSupervisor({ dir, file, foreground, answers }, terminal);
    const joined = await Promise.race([awaitJoined({ dir, supervisor, timeoutMs, say }), stop.happened]);
    // It goes on trying, since a clock can be wrong: whoever stays with it stays, all others are told.
    const over = overOf(joined.state);
    if (over && !foreground) throw overError(dir, over);
    onJoined(joined);
    if (!foreground || !supervisor) return;
    const { how } = await Promise.race([supervisor.ended, stop.happened]);
    throw new CliError('site.ended', `The site's process ended (${how}).`, { at: dir });
  } catch (error) {
    const isRefused = error instanceof CliError && error.exit === EXIT.joinRefused;
    if (supervisor && (foreground || isRefused)) await end(supervisor);
    throw error;
  } finally {
    stop.release();
  }
};

const overError = (dir: string, { code, detail }: LocalState['troubles'][number]): CliError =>
  new CliError(code, detail, {
    exit: EXIT.degraded,
    at: dir,
    remedy: [`caravan site stop --dir ${dir}`, `caravan site status --dir ${dir}`],
  });

/** Asks the supervisor to end and waits for it; it stops what it started itself. */
const end = async ({ child, ended }: Supervisor): Promise<void> => {
  child.ref();
  child.kill('SIGTERM');
  await ended;
};

const interruption = (
  foreground: boolean,
  dir: string,
  terminal: Terminal,
): { happened: Promise<never>; release: () => void } => {
  const outcome = foreground
    ? interrupted('Interrupted; the site was stopped.')
    : interrupted('Interrupted; the site goes on in the background.', [
        `caravan site status --dir ${dir}`,
        `caravan site stop --dir ${dir}`,
      ]);
  let release: () => void = () => undefined;
  const happened = new Promise<never>((_, reject) => {
    release = terminal.onInterrupt(() => reject(outcome));
  });
  happened.catch(() => undefined); // before anybody waits for it, it is looked at later
  return { happened, release };
};
