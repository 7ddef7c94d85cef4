import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalState } from '@caravan/api';
import type { ProcessGroup, StateDirectory } from '@caravan/installation';
import type { Caravan } from './caravan.js';
import { waitForSite } from './local-site.js';
import type { Beside } from './local-site.js';

export interface SiteRunner extends Beside {
  readonly state: StateDirectory;
  readonly group: ProcessGroup;
  readonly caravan: Caravan;
}

/**
 * Runs the site `name` in its directory by `caravan join`, in the foreground, so that it ends with this process. Its file is made
 * by `download` unless the directory is there already: then it goes on as the site that it is.
 */
export async function runSite(
  { state, group, caravan, ...beside }: SiteRunner,
  name: string,
  download: (file: string) => Promise<unknown>,
): Promise<string> {
  const dir = join(state.sites, name);
  const file = join(state.secrets, `${name}.site.json`);
  if (!existsSync(file)) await download(file);
  await group.start({
    name: `site-${name}`,
    command: caravan.main,
    args: ['join', file, '--dir', dir, '--foreground'],
    env: { ...caravan.env, SITE_HOST: '127.0.0.1' },
    stopSignal: 'SIGINT',
    ready: /^Joined /m,
    readyWithinMs: 120_000,
  });
  const reached = ({ step, connected }: LocalState): boolean => step === 'joined' && connected;
  await waitForSite(
    dir,
    { goal: 'connected to the management plane', reached, log: join(state.logs, `site-${name}.log`) },
    beside,
  );
  return dir;
}
