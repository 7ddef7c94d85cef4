import { VICTIMS } from './roles.js';
import type { Victim } from './roles.js';
import type { Step } from './steps/index.js';
import { SCENARIOS } from './visit.js';
import type { Scenario } from './visit.js';

/** Who is killed where. */
export interface Cell {
  readonly step: Step;
  readonly victim: Victim;
}

/** What is played in one visit: at most one cell in each of its scenarios. */
export type Round = Partial<Record<Scenario, Cell>>;

/** Before there is a site, nothing of it can be killed. */
const isThere = (victim: Victim, { scenario }: Step): boolean => scenario !== 'invite' || !victim.startsWith('site-');

export const quickCells = (steps: readonly Step[]): Cell[] =>
  steps.flatMap((step) => step.quick.map((victim) => ({ step, victim })));

export const allCells = (steps: readonly Step[]): Cell[] =>
  steps.flatMap((step) => VICTIMS.filter((victim) => isThere(victim, step)).map((victim) => ({ step, victim })));

/**
 * Puts cells into as few visits as they need. The victims of a scenario take turns, so that none is killed again before it has
 * run for a while: whoever starts it again waits longer each time otherwise.
 */
export function roundsOf(cells: readonly Cell[]): Round[] {
  const rounds: Round[] = [];
  for (const [offset, scenario] of SCENARIOS.entries()) {
    for (const [index, cell] of inTurns(
      cells.filter(({ step }) => step.scenario === scenario),
      offset,
    ).entries()) {
      rounds[index] = { ...rounds[index], [scenario]: cell };
    }
  }
  return rounds;
}

/** One cell of each victim, then the next of each, beginning with another one in each scenario. */
function inTurns(cells: readonly Cell[], offset: number): Cell[] {
  const queues = VICTIMS.map((_, index) => VICTIMS[(index + 2 * offset) % VICTIMS.length]!).map((victim) =>
    cells.filter((cell) => cell.victim === victim),
  );
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat();
}
