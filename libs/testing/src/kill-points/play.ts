import { getStatus } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Cell } from './cells.js';
import { converged } from './convergence.js';
import { delayMs } from './delay.js';
import type { Held } from './harness.js';
import { distrust } from './judging/distrust.js';
import { broken } from './judging/invariants.js';
import { lost, wrongEffects } from './judging/effects.js';
import { haltedOrAside } from './judging/halted.js';
import { wrongLists } from './judging/lists.js';
import { quiet } from './quiet.js';
import { pidOf, roleOf, VICTIMS } from './roles.js';
import type { Cast } from './roles.js';
import { entryOf, sideOf } from './side.js';
import type { Side } from './side.js';
import type { Stage } from './stage.js';
import type { Step, Where } from './steps/index.js';
import { ROTATIONS } from './visit.js';
import type { Visit } from './visit.js';

/** How long a point may come after what was asked for is done: a retry, a heartbeat, a redelivery. */
const GRACE_MS = 15_000;

export interface Recovery {
  /** From the kill until everything was asked for, everybody was back and the network was what it shall be. */
  readonly seconds: number;
  /** Where the step has a commit on its way to the log. */
  readonly side: Side | undefined;
}

interface Killed {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What whoever was held was about, and where the log ended then. */
  readonly about: string;
  readonly logEnd: number;
}

/** Plays the next scenario of a visit, and kills somebody in it. @throws Error saying what does not hold. */
export async function play(stage: Stage, visit: Visit, cell: Cell, graceMs = GRACE_MS): Promise<Recovery> {
  const began = new Date();
  const killed = await playHarmed(stage, visit, cell, graceMs).finally(() => stage.harness.forget());
  await everybodyIsBack(stage, visit);
  await converged(stage, visit);
  const seconds = (Date.now() - killed.at) / 1000;
  await judge(stage, visit);
  if (ROTATIONS.has(cell.step.scenario)) nobodyRefused(stage, visit, began);
  return { seconds, side: cell.step.onItsWay && (await sideOfKill(stage, killed)) };
}

/** @throws Error with every line in which somebody did. */
function nobodyRefused(stage: Stage, visit: Visit, since: Date): void {
  const refusals = distrust(stage, visit, since);
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
}

/** The judge has read the log to its end. */
async function sideOfKill({ log }: Stage, { at, about, logEnd }: Killed): Promise<Side | undefined> {
  const position = entryOf(log.events, about, logEnd);
  return position === undefined ? undefined : sideOf(await log.storedAt(position), at);
}

async function playHarmed(stage: Stage, visit: Visit, cell: Cell, graceMs: number): Promise<Killed> {
  const caught = trap(stage, visit, cell.step);
  const acted = visit.play(cell.step.scenario).then(() => converged(stage, visit));
  acted.catch(() => undefined); // awaited below
  const held = await Promise.race([caught, acted.then(() => atMost(graceMs))]);
  if (!held) throw new Error(`nobody came by: ${passages(stage)}`);
  const logEnd = stage.log.position;
  const at = await kill(cell, held, castOf(stage, visit), delayMs(stage.seed, cell));
  await acted;
  return { at, logEnd, about: held.reached.about };
}

/** Without a cell: a scenario that only leads to the next. */
export async function playUnharmed(stage: Stage, visit: Visit, scenario: Step['scenario']): Promise<undefined> {
  await visit.play(scenario);
  await converged(stage, visit);
}

function trap(stage: Stage, visit: Visit, step: Step): Promise<Held> {
  const { harness } = stage;
  const fits = ({ point, about, by }: Where) => {
    return (reached: Held['reached']): boolean =>
      reached.point === point && (about?.test(reached.about) ?? true) && roleOf(reached, castOf(stage, visit)) === by;
  };
  const { after, meanwhile = [] } = step;
  const waits = (reached: Held['reached']): boolean => meanwhile.some((where) => fits(where)(reached));
  if (!after) return harness.set(fits(step), waits);
  return harness.set(fits(after)).then((held) => {
    const next = harness.set(fits(step), waits);
    held.letGo();
    return next;
  });
}

/** Timers know whole milliseconds only, of which there are too few on the way. */
async function onItsWayFor(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
}

/** The one who is held goes on while the victim is down, unless it is the victim. Resolves with when the kill was. */
async function kill({ victim, step: { onItsWay } }: Cell, held: Held, cast: Cast, delay: number): Promise<number> {
  const pid = await eventually(`${victim} runs`, () => pidOf(victim, cast), { withinMs: 30_000, everyMs: 10 });
  if (onItsWay) {
    held.letGo();
    await onItsWayFor(delay);
  }
  const at = Date.now();
  process.kill(pid, 'SIGKILL');
  await eventually(`${victim} has ended`, () => (pidOf(victim, cast) === pid ? undefined : true), { everyMs: 5 });
  if (pid !== held.reached.pid) held.letGo();
  return at;
}

async function everybodyIsBack(stage: Stage, visit: Visit): Promise<void> {
  const cast = castOf(stage, visit);
  for (const victim of VICTIMS) {
    if (!cast.site && victim.startsWith('site-')) continue;
    await eventually(`${victim} runs again`, () => pidOf(victim, cast));
  }
  let troubles: string[] = [];
  const well = async () => {
    const { parts } = await stage.asking.read(stage.managementApi, getStatus, {});
    troubles = parts.filter(({ status }) => status !== 'ok').map(({ name, detail }) => `${name}: ${detail}`);
    return troubles.length === 0;
  };
  await eventually('the management plane is well', well).catch((error: Error) => {
    throw new Error(`${error.message} (${troubles.join('; ')})`, { cause: error });
  });
  await stage.serverSite.site.connected();
}

/** @throws Error with everything that is wrong. */
export async function judge(stage: Stage, visit: Visit): Promise<void> {
  const end = await quiet(stage.installation, stage.pool);
  const log = await stage.log.upTo(end);
  const troubles = [
    ...wrongEffects(log, visit.effects),
    ...lost(log, visit.asking.acknowledged),
    ...broken(log),
    ...(await haltedOrAside(stage.pool)),
    ...(await wrongLists(stage, visit)),
  ];
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
}

const castOf = (
  { installation, backboneSite, serverSite }: Pick<Stage, 'installation' | 'backboneSite' | 'serverSite'>,
  { site }: Visit,
): Cast => ({ installation, backboneSite: backboneSite.site, serverSite: serverSite.site, site });

const atMost = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());

const passages = ({ harness }: Stage): string =>
  [...new Set(harness.passages.map(({ point, about }) => `${point} ${about}`.slice(0, 120)))].join('; ');
