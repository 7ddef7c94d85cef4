import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  againstRebuild,
  lineOf,
  orphansOf,
  play,
  playRound,
  quickCells,
  roundsOf,
  Stage,
  STEPS,
  Visit,
} from '@caravan/testing/kill-points';
import type { Round } from '@caravan/testing/kill-points';

/** `kill -9` of everything, at the named steps of a join, of an exposure and of a deletion, in one running installation. */
describe('kills', () => {
  let stage: Stage;
  const cells = quickCells(STEPS);
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

  it('3. a row that nobody decided, and one that is gone, are seen', async () => {
    await stage.pool.query(`update management.network set name = 'planted'`);
    expect(await againstRebuild(stage)).toEqual([
      expect.stringMatching(/^network: a rebuild does not make .*planted/),
      expect.stringMatching(/^network: a rebuild makes also .*kills/),
    ]);
    await stage.pool.query(`delete from management.backbone_site`);
    expect(await againstRebuild(stage)).toEqual([expect.stringMatching(/^backbone_site: a rebuild makes also .*east/)]);
  });

  it('4. a step that nobody comes by is no success', async () => {
    const step = { ...STEPS.find(({ point }) => point === 'joining.installed')!, scenario: 'invite' as const };
    const cell = { step, victim: 'router-config' as const };
    await expect(play(stage, new Visit(stage, 'nobody'), cell, 100)).rejects.toThrow(/^nobody came by: .*api.received/);
  });

  it('5. nobody is left behind', () => {
    expect(orphansOf(stage.harness.socketPath)).toEqual([]);
  });
});
