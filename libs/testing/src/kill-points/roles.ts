import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reached } from '@caravan/kill-points';
import type { TestInstallation, TestSite } from '../installation/index.js';
import { programOf } from '../installation/processes.js';

/** What is killed. */
export const VICTIMS = [
  'management-controller',
  'cert-service',
  'router-config',
  'nats-server',
  'postgres',
  'site-controller',
  'site-relay',
  'backbone-controller',
  'backbone-relay',
] as const;
export type Victim = (typeof VICTIMS)[number];

/** Who reaches a point. `server-…`: of the standing member that answers for addresses. */
export type Role = Exclude<Victim, 'nats-server' | 'postgres'> | 'server-controller' | 'server-relay';

/** Whose processes play a part now. */
export interface Cast {
  readonly installation: TestInstallation;
  readonly backboneSite: TestSite;
  readonly serverSite: TestSite;
  /** The site that joins; undefined before there is one. */
  readonly site: TestSite | undefined;
}

const SERVICES = ['management-controller', 'cert-service', 'router-config', 'nats-server', 'postgres'] as const;
const isService = (name: string): name is (typeof SERVICES)[number] => (SERVICES as readonly string[]).includes(name);

/** The process that plays a victim now; undefined while none does. */
export function pidOf(victim: Victim, { installation, backboneSite, site }: Cast): number | undefined {
  if (isService(victim)) return pidFrom(join(installation.state.run, `${victim}.pid`));
  const of = victim.startsWith('backbone-') ? backboneSite : site;
  return of && childOf(of, victim.endsWith('-relay') ? 'relay' : 'site-controller');
}

/** The part that a process plays which has reached a point; undefined: none (the management site's own, say). */
export function roleOf({ pid, parentPid }: Pick<Reached, 'pid' | 'parentPid'>, cast: Cast): Role | undefined {
  for (const name of SERVICES) {
    if (name !== 'nats-server' && name !== 'postgres' && pidOf(name, cast) === pid) return name;
  }
  const { site, serverSite, backboneSite } = cast;
  const isRelay = programOf(pid) === 'relay/main';
  if (parentPid === site?.supervisor.pid) return isRelay ? 'site-relay' : 'site-controller';
  if (parentPid === serverSite.supervisor.pid) return isRelay ? 'server-relay' : 'server-controller';
  if (parentPid !== backboneSite.supervisor.pid) return undefined;
  return isRelay ? 'backbone-relay' : 'backbone-controller';
}

const childOf = (site: TestSite, app: 'relay' | 'site-controller'): number | undefined =>
  childrenOf(site.supervisor.pid ?? -1).find((pid) => programOf(pid) === `${app}/main`);

/** Asked often, so not by looking at every process of the machine (proc_pid_task(5): `children`). */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  } catch {
    return []; // it has ended
  }
}

function pidFrom(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined; // it has ended, and its next run has not begun
  }
}
