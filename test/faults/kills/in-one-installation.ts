import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  againstRebuild,
  lineOf,
  orphansOf,
  playRound,
  quickCells,
  roundsOf,
  Stage,
  STEPS,
} from '@caravan/testing/kill-points';
import type { Round, Scenario } from '@caravan/testing/kill-points';

/**
 * The kills of `npm test` in some scenarios: each round of them a visit to one running installation. `last`: what is looked at after
 * them; it may leave the installation as nobody finds it again.
 */
export function killsIn(
  isWanted: (scenario: Scenario) => boolean,
  last: (stage: () => Stage) => void = () => undefined,
): void {
  let stage: Stage;
  const cells = quickCells(STEPS).filter(({ step }) => isWanted(step.scenario));
  const rounds = roundsOf(cells).map((round, index): [number, Round] => [index + 1, round]);
  const started = performance.now();

  beforeAll(async () => {
    stage = await Stage.set();
    process.stdout.write(`the same kills again: CARAVAN_KILLS_SEED=${stage.seed}\n`);
  }, 180_000);
  afterAll(async () => {
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${cells.length} cells in ${seconds.toFixed(0)} s; the whole matrix: npm run test:long\n`);
    await stage.strike();
  });

  it.each(rounds)(
    '1. visit %i: exactly one effect, nothing acknowledged is lost, the network carries what it shall',
    async (number, round) => {
      const played = await playRound(stage, round, `visit-${number}`);
      for (const each of played) process.stdout.write(`${lineOf(each)}\n`);
      expect(played.flatMap(({ trouble }) => trouble ?? [])).toEqual([]);
    },
    300_000,
  );

  it('2. the projections equal a rebuild, and what cert-service holds equals the log', async () => {
    expect(await againstRebuild(stage)).toEqual([]);
  });

  last(() => stage);

  it('5. nobody is left behind', () => {
    expect(orphansOf(stage.harness.socketPath)).toEqual([]);
  });
}
