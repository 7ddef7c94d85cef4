import { textOption } from '../command.js';
import type { Invocation } from '../command.js';
import { interrupted, usageError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { durationMs } from '../kinds/moment.js';
import { awaitJoined } from './await-joined.js';
import type { Joined } from './await-joined.js';
import { readLocalSite, readState } from './local-site.js';
import { startSupervisor } from './supervisor.js';
import type { Supervisor } from './supervisor.js';

interface Run {
  readonly dir: string;
  readonly file?: string | undefined;
  readonly foreground: boolean;
}

const readTimeout = (text: string | undefined): number => {
  const timeout = durationMs(text ?? '5m');
  if (timeout === undefined)
    throw usageError('cli.bad-duration', `--timeout ${text} is not a duration.`, '--timeout 5m');
  return timeout;
};

/**
 * Starts the site of a directory unless it runs, and follows it until it has joined. A site that is refused and was started
 * here is stopped again. Ctrl-C leaves a site in the background running, and ends one in the foreground.
 */
export const runSite = async (
  { dir, file, foreground }: Run,
  { terminal, options }: Invocation,
): Promise<Joined & { supervisor: Supervisor | undefined }> => {
  const timeoutMs = readTimeout(textOption(options, 'timeout'));
  const say = (line: string) => terminal.err(line);
  const running = await readLocalSite(dir);
  const isRunning = running !== undefined && (await readState(running)) !== undefined;
  if (isRunning && foreground) {
    throw usageError('site.running', `The site in ${dir} runs already.`, `caravan site stop --dir ${dir}`);
  }
  if (isRunning) say(`The site in ${dir} runs already.\n`);
  const supervisor = isRunning ? undefined : await startSupervisor({ dir, file, foreground }, terminal);

  const stop = interruption(foreground, dir, supervisor, terminal);
  try {
    const joined = await Promise.race([awaitJoined({ dir, supervisor, timeoutMs, say }), stop.happened]);
    return { ...joined, supervisor };
  } catch (error) {
    if (supervisor && mustEnd(error, foreground)) await end(supervisor);
    throw error;
  } finally {
    stop.release();
  }
};

const mustEnd = (error: unknown, foreground: boolean): boolean => {
  const exit = (error as { exit?: number }).exit ?? 1;
  return exit === EXIT.joinRefused || (foreground && exit === EXIT.interrupted);
};

/** Asks the supervisor to end and waits for it; it stops what it started itself. */
export const end = async ({ child, ended }: Supervisor): Promise<void> => {
  child.ref();
  child.kill('SIGTERM');
  await ended;
};

const interruption = (
  foreground: boolean,
  dir: string,
  supervisor: Supervisor | undefined,
  terminal: Invocation['terminal'],
): { happened: Promise<never>; release: () => void } => {
  let release: () => void = () => undefined;
  const happened = new Promise<never>((_, reject) => {
    release = terminal.onInterrupt(() => {
      const goesOn = 'Interrupted; the site goes on in the background.';
      const remedy = [`caravan site status --dir ${dir}`, `caravan site stop --dir ${dir}`];
      reject(
        foreground && supervisor ? interrupted('Interrupted; the site was stopped.') : interrupted(goesOn, remedy),
      );
    });
  });
  return { happened, release };
};

/** In the foreground: as long as the site runs. Ends by Ctrl-C (exit 130), or throws when the site ended by itself. */
export const stayWith = async (supervisor: Supervisor, dir: string, { terminal }: Invocation): Promise<never> => {
  const stop = interruption(true, dir, supervisor, terminal);
  try {
    await Promise.race([supervisor.ended, stop.happened]);
  } catch (error) {
    await end(supervisor);
    throw error;
  } finally {
    stop.release();
  }
  throw usageError('site.ended', `The site's process ended (${await supervisor.ended}).`);
};
