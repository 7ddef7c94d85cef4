import { rebuildProjections } from '@caravan/api';
import type { Cell, Round } from './cells.js';
import { judge, play, playUnharmed } from './play.js';
import type { Recovery } from './play.js';
import { countOf, differences, readRows } from './judging/rows.js';
import { outboxAgainstLog } from './judging/outbox.js';
import { quiet } from './quiet.js';
import type { Stage } from './stage.js';
import { eventually } from '../eventually.js';
import { OF_MORE, ROTATIONS, SCENARIOS, Visit } from './visit.js';

/** What became of a cell. */
export interface Played {
  readonly cell: Cell;
  /** From the beginning of the scenario to the end of the judgement. */
  readonly seconds: number;
  /** After the kill. Undefined: it was not well. */
  readonly recovery: Recovery | undefined;
  /** Undefined: all that must hold, holds. */
  readonly trouble: string | undefined;
}

/** Plays the cells of one visit in the order of its scenarios; each that has trouble is told, and the others are played on. */
export async function playRound(stage: Stage, round: Round, name: string): Promise<Played[]> {
  const visit = new Visit(stage, name);
  const played: Played[] = [];
  const last = SCENARIOS.findLastIndex((scenario) => round[scenario]);
  // What the visit exposes at the server has to go again.
  const scenarios = last >= SCENARIOS.indexOf('expose') ? SCENARIOS : SCENARIOS.slice(0, last + 1);
  try {
    for (const scenario of scenarios) {
      const cell = round[scenario];
      if (!cell && ROTATIONS.has(scenario)) continue;
      const start = performance.now();
      let recovery: Recovery | undefined;
      const trouble = await (cell ? play(stage, visit, cell) : playUnharmed(stage, visit, scenario)).then(
        (recovered) => void (recovery = recovered),
        (error: Error) => error.stack ?? error.message,
      );
      const seconds = (performance.now() - start) / 1000;
      if (cell) played.push({ cell, seconds, recovery, trouble });
      else if (trouble !== undefined) throw new Error(`${name} cannot ${scenario}: ${trouble}`);
      // Nothing that follows in this visit would tell anything. What follows it would wait for a member whose site is gone.
      if (trouble !== undefined) {
        await visit.abandon();
        return played;
      }
    }
    return played;
  } finally {
    await visit.leave();
  }
}

/** A visit that nobody harms, from its invitation to its removal, with a rotation of its network. @throws Error with everything that is not as it must be */
export async function playWhole(stage: Stage, name: string): Promise<void> {
  const visit = new Visit(stage, name);
  try {
    for (const scenario of SCENARIOS) if (!OF_MORE.has(scenario)) await playUnharmed(stage, visit, scenario);
    await judge(stage, visit);
  } finally {
    stage.harness.forget();
    await visit.leave();
  }
}

/** Whether the projections are what a rebuild makes of the log, and cert-service's database what the log says. In words: where not. */
export async function againstRebuild(stage: Stage): Promise<string[]> {
  const end = await quiet(stage.installation, stage.pool);
  const before = await readRows(stage.pool);
  if (countOf(before) === 0) return ['there are no rows'];
  await stage.asking.read(stage.managementApi, rebuildProjections, {});
  const after = await readRows(stage.pool);
  const log = await stage.log.upTo(end);
  const unmarked = async () => {
    const troubles = await outboxAgainstLog(stage.pool, log);
    return troubles.length === 0 ? troubles : undefined;
  };
  const outbox = await eventually('everything is marked', unmarked, { withinMs: 20_000, everyMs: 500 }).catch(() =>
    outboxAgainstLog(stage.pool, log),
  );
  return [...differences(before, after), ...outbox];
}
