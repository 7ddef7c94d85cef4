import { describe, expect, it } from 'vitest';
import { againstRebuild, play, ROTATIONS, STEPS, Visit } from '@caravan/testing/kill-points';
import { killsIn } from './kills/in-one-installation.js';

/** `kill -9` of everything, at the named steps of a join, of an exposure and of a deletion; 06 has those of rotations. */
describe('kills', () => {
  killsIn(
    (scenario) => !ROTATIONS.has(scenario),
    (stage) => {
      it('3. a row that nobody decided, and one that is gone, are seen', async () => {
        await stage().pool.query(`update management.network set name = 'planted'`);
        expect(await againstRebuild(stage())).toEqual([
          expect.stringMatching(/^network: a rebuild does not make .*planted/),
          expect.stringMatching(/^network: a rebuild makes also .*kills/),
        ]);
        await stage().pool.query(`delete from management.backbone_site`);
        expect(await againstRebuild(stage())).toEqual([
          expect.stringMatching(/^backbone_site: a rebuild makes also .*east/),
        ]);
      });

      it('4. a step that nobody comes by is no success', async () => {
        const step = { ...STEPS.find(({ point }) => point === 'joining.installed')!, scenario: 'invite' as const };
        const cell = { step, victim: 'router-config' as const };
        await expect(play(stage(), new Visit(stage(), 'nobody'), cell, 100)).rejects.toThrow(
          /^nobody came by: .*api.received/,
        );
      });
    },
  );
});
