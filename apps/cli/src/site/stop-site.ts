import { setTimeout as pause } from 'node:timers/promises';
import type { Waiting } from '../connection/connection.js';
import { CliError } from '../failures/cli-error.js';
import { noticed } from '../output/late-notice.js';
import { readLocalSite, readState } from './local-site.js';
import type { LocalSite } from './local-site.js';
import { isItsProcess, supervisorOf } from './site-process.js';

const PATIENCE_MS = 20_000;

/**
 * Asks the process of the site in a directory to stop, and waits until it has; says so when that takes long. A number of a process
 * is reused: before it is signalled, either the process names the site's directory or the site answers with its own token. Throws
 * `site.not-stopping`.
 */
export const stopSite = async (dir: string, notice: Waiting['notice']): Promise<'stopped' | 'was not running'> => {
  const site = await readLocalSite(dir);
  const said = site && ((await isItsProcess(site)) || (await readState(site)) !== undefined) ? site.pid : undefined;
  const pid = said ?? (await supervisorOf(dir));
  if (pid === undefined || !signal(pid, 'SIGTERM')) return 'was not running';
  const asked = `Process ${pid} of the site was asked to stop; waiting for it`;
  await noticed(ended({ pid, dir }), asked, PATIENCE_MS, notice);
  return 'stopped';
};

const ended = async ({ pid, dir }: Pick<LocalSite, 'pid' | 'dir'>): Promise<void> => {
  const until = performance.now() + PATIENCE_MS;
  while (signal(pid, 0)) {
    if (performance.now() > until) {
      throw new CliError('site.not-stopping', `Process ${pid} of the site was asked to stop and has not.`, {
        at: dir,
        remedy: `kill -9 ${pid}`,
      });
    }
    await pause(50);
  }
};

const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};
