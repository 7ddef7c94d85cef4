import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, getLocalState, SHUT_OUT, siteApiFileSchema } from '@caravan/api';
import type { LocalState } from '@caravan/api';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { openApi } from '../connection/connection.js';
import type { Api, Waiting } from '../connection/connection.js';
import { CliError, usageError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { Reworded } from '../failures/reworded.js';
import type { Terminal } from '../terminal.js';
import { lastRefusal, logFileOf } from './refusal.js';
import { isItsProcess, supervisorOf } from './site-process.js';

/** A site that runs on this machine, reached by its directory: whoever may read that may manage it. */
export interface LocalSite {
  readonly dir: string;
  readonly pid: number;
  readonly api: Api;
  /** Its state alone, which is there at once or not at all: asked without patience. */
  readonly quick: Api;
}

/** A site answers within milliseconds, on a busy machine within a second or two; one that stands still never does. */
const STATE_WITHIN_MS = 5_000;

/** Written by the site itself, while it runs. */
const API_FILE = 'api.json';

/** The site that says in this directory where it is; undefined if none does. It may have ended since. */
export const readLocalSite = async (dir: string, notice?: Waiting['notice']): Promise<LocalSite | undefined> => {
  const text = await readIfThere(path.join(dir, API_FILE));
  if (text === undefined) return undefined;
  const file = siteApiFileSchema.safeParse(parsed(text));
  if (!file.success) return undefined;
  const { url, tokenFile, pid } = file.data;
  const context = { url, tokenFile: path.resolve(dir, tokenFile) };
  if ((await readIfThere(context.tokenFile)) === undefined) return undefined;
  if (!(await isSame(path.dirname(context.tokenFile), dir))) return undefined; // a copy of the folder of a site that runs
  return {
    dir,
    pid,
    api: ofSite(await openApi(context, { notice }), dir),
    quick: await openApi(context, { timeoutMs: STATE_WITHIN_MS }),
  };
};

/** Of a site that went away in the middle neither login nor the installation is to be looked at. */
const ofSite = (api: Api, dir: string): Api => ({
  ...api,
  call: (...request) =>
    api.call(...request).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.problem.code !== 'api.unreachable') throw error;
      throw new Reworded(error, {
        remedies: [`caravan site status --dir ${dir}`, `${logFileOf(dir)} says why it ended`],
      });
    }),
});

/** What the site says of itself; undefined while it cannot, while nothing answers soon, or something that is not this site does. */
export const readState = async ({ quick }: LocalSite): Promise<LocalState | undefined> => {
  try {
    return await quick.call(getLocalState, {});
  } catch (error) {
    // It has not taken its file yet, or the port is somebody else's by now: 401, or no problem details at all.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
};

/** Why a site that once joined is none of its network's any more; undefined while it is. */
export const removalOf = ({ troubles }: LocalState): LocalState['troubles'][number] | undefined =>
  troubles.find(({ code }) => code === 'site.removed');

/** Why nobody lets a site in that had joined and was not removed, as it says itself: its network or its certificate is over, or others came into use. */
export const overOf = ({ step, troubles }: LocalState): LocalState['troubles'][number] | undefined =>
  step === 'joined' ? troubles.find(({ code }) => code in SHUT_OUT && code !== 'site.removed') : undefined;

/** The directory that `--dir` names, or the current one if it is a site's. */
export const siteDirectory = async (options: Options, { cwd }: Terminal): Promise<string | undefined> => {
  const named = textOption(options, 'dir');
  if (named !== undefined) return path.resolve(cwd, named);
  return (await isThere(path.join(cwd, API_FILE))) ? cwd : undefined;
};

/** A supervisor starts what was killed again within a second or two; on a busy machine it takes longer. */
const RESTARTED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 150;

/**
 * The running site of a directory, also one that is just being started, or started again. Throws `site.unknown-directory`, `site.not-answering`,
 * `site.not-running`, and why it was refused if that is why.
 */
export const runningSite = async (dir: string, notice?: Waiting['notice']): Promise<LocalSite> => {
  const until = performance.now() + RESTARTED_WITHIN_MS;
  for (;;) {
    const site = await readLocalSite(dir, notice);
    if (site && (await readState(site))) return site;
    const pid = site && (await isItsProcess(site)) ? site.pid : await supervisorOf(dir);
    if (pid === undefined) break;
    if (performance.now() > until) throw notAnswering({ dir, pid });
    await pause(LOOK_EVERY_MS);
  }
  if (!(await isThere(dir))) {
    throw usageError('site.unknown-directory', `There is no site in ${dir}.`, 'caravan join <file> --dir <dir>');
  }
  const refusal = await lastRefusal(dir);
  if (refusal) throw refusal;
  throw new CliError('site.not-running', `No site is running in ${dir}.`, {
    exit: EXIT.unreachable,
    at: dir,
    remedy: `caravan site start --dir ${dir}`,
  });
};

/** From outside one that is being started and one that stands still look the same: the words are true of both. */
const notAnswering = ({ dir, pid }: Pick<LocalSite, 'dir' | 'pid'>): CliError =>
  new CliError(
    'site.not-answering',
    `The site in ${dir} runs (process ${pid}) and does not answer: it is being started, or its controller stands still.`,
    {
      exit: EXIT.unreachable,
      at: dir,
      remedy: [
        'try again in a moment: one that is being started answers soon',
        `ps -o pid,stat,etime,args --ppid ${pid} shows its processes; STAT T is one that was stopped: kill -CONT <pid>`,
        `caravan site stop --dir ${dir} ends it, also one that stands still; then it can be started again`,
        `${logFileOf(dir)} and ${path.join(dir, 'logs')} say what it did last`,
      ],
    },
  );

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });

const isSame = async (one: string, other: string): Promise<boolean> =>
  (await realpath(one)) === (await realpath(other));

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
