import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '@caravan/testing/installation';
import {
  againstRebuild,
  allCells,
  lineOf,
  orphansOf,
  playRound,
  roundsOf,
  Stage,
  STEPS,
  tableOf,
} from '@caravan/testing/kill-points';
import type { Cell, Played, Round } from '@caravan/testing/kill-points';

/** `CARAVAN_KILLS='join: .* postgres'` plays a part of the matrix: what fits `<scenario>: <step> <victim>`. */
const wanted = new RegExp(process.env['CARAVAN_KILLS'] ?? '');
const isWanted = ({ step, victim }: Cell): boolean => wanted.test(`${step.scenario}: ${step.name} ${victim}`);

const REBUILD_EVERY = 10;
const REPORT = join(workspaceRoot, '.caravan', 'kills.md');

/** The whole matrix: every victim at every step. The table goes to docs/reliability.md. */
describe('every kill at every step', () => {
  let stage: Stage;
  const rounds = roundsOf(allCells(STEPS).filter(isWanted)).map((round, index): [number, Round] => [index + 1, round]);
  const all: Played[] = [];

  beforeAll(async () => {
    stage = await Stage.set();
    process.stdout.write(`the same kills again: CARAVAN_KILLS_SEED=${stage.seed}\n`);
  }, 180_000);
  afterAll(async () => {
    await stage.strike();
    mkdirSync(join(workspaceRoot, '.caravan'), { recursive: true });
    writeFileSync(REPORT, `${tableOf(all)}\n`);
    process.stdout.write(`${all.length} cells; the table is in ${REPORT}\n`);
  });

  it.each(rounds)(
    'visit %i: exactly one effect, nothing acknowledged is lost, the network carries what it shall',
    async (number, round) => {
      const played = await playRound(stage, round, `visit-${number}`);
      all.push(...played);
      for (const each of played) process.stdout.write(`${lineOf(each)}\n`);
      expect(played.flatMap(({ trouble }) => trouble ?? [])).toEqual([]);
      if (number % REBUILD_EVERY === 0 || number === rounds.length) expect(await againstRebuild(stage)).toEqual([]);
    },
    600_000,
  );

  it('nobody is left behind', () => {
    expect(orphansOf(stage.harness.socketPath)).toEqual([]);
  });
});
