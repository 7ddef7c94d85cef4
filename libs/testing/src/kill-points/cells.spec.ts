import { describe, expect, it } from 'vitest';
import { killPoints } from '@caravan/kill-points';
import { allCells, quickCells, roundsOf } from './cells.js';
import type { Cell } from './cells.js';
import { VICTIMS } from './roles.js';
import { STEPS } from './steps/index.js';
import { SCENARIOS } from './visit.js';

const points = Object.keys(killPoints).sort();
const pointsOf = (cells: readonly Cell[]) => [...new Set(cells.map(({ step }) => step.point))].sort();
const victimsOf = (cells: readonly Cell[]) => [...new Set(cells.map(({ victim }) => victim))].sort();
const quick = quickCells(STEPS);

describe('the matrix', () => {
  it('has every declared point, and every victim at every step that has one', () => {
    expect(pointsOf(allCells(STEPS))).toEqual(points);
    const beforeThereIsASite = STEPS.filter(({ scenario }) => scenario === 'invite').length;
    expect(allCells(STEPS)).toHaveLength(STEPS.length * VICTIMS.length - 2 * beforeThereIsASite);
  });

  it('names each step once', () => {
    const names = STEPS.map(({ scenario, name }) => `${scenario}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('waits for nobody who may have come by already: what follows from an entry can be there before its writer hears of it', () => {
    expect(STEPS.filter(({ after }) => after?.point === 'append.acked')).toEqual([]);
  });

  it('of `npm test` has every point, every victim and every scenario, in a few minutes', () => {
    expect(pointsOf(quick)).toEqual(points);
    expect(victimsOf(quick)).toEqual([...VICTIMS].sort());
    expect(new Set(quick.map(({ step }) => step.scenario))).toEqual(new Set(SCENARIOS));
    expect(quick.length).toBeLessThanOrEqual(58);
  });
});

describe('visits', () => {
  it('play every cell once, at most one in each scenario', () => {
    const rounds = roundsOf(allCells(STEPS));
    const played = rounds.flatMap((round) => Object.values(round));
    expect(new Set(played)).toHaveProperty('size', allCells(STEPS).length);
    for (const round of rounds) {
      for (const [scenario, cell] of Object.entries(round)) expect(cell.step.scenario).toBe(scenario);
    }
  });

  it('let nobody be killed twice in a row while others are left', () => {
    const joins = roundsOf(allCells(STEPS)).flatMap(({ join }) => join?.victim ?? []);
    expect(joins.filter((victim, index) => victim === joins[index + 1])).toEqual([]);
  });

  it('are none without cells', () => expect(roundsOf([])).toEqual([]));
});
