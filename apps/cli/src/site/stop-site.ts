import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../failures/cli-error.js';
import { readState } from './local-site.js';
import type { LocalSite } from './local-site.js';
import { isItsProcess } from './site-process.js';

const PATIENCE_MS = 20_000;

/**
 * Asks the process of a site to stop, and waits until it has. A number of a process is reused: before it is signalled, either
 * the site answers with its own token or the process names the site's directory. Throws `site.not-stopping`.
 */
export const stopSite = async (site: LocalSite): Promise<'stopped' | 'was not running'> => {
  const isOurs = (await readState(site)) !== undefined || (await isItsProcess(site));
  if (!isOurs || !signal(site.pid, 'SIGTERM')) return 'was not running';
  const until = performance.now() + PATIENCE_MS;
  while (signal(site.pid, 0)) {
    if (performance.now() > until) {
      throw new CliError('site.not-stopping', `Process ${site.pid} of the site was asked to stop and has not.`, {
        at: site.dir,
        remedy: `kill -9 ${site.pid}`,
      });
    }
    await pause(50);
  }
  return 'stopped';
};

const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};
