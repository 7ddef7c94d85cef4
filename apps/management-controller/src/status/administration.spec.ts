import { describe, expect, it } from 'vitest';
import { rebuildProjections } from '@caravan/api';
import type { ProjectionHost } from '@caravan/platform';
import { AdministrationController } from './administration.controller.js';

const controllerOf = (rebuild: () => Promise<void>) =>
  new AdministrationController({ rebuild, position: () => 7 } as unknown as ProjectionHost);

describe('rebuilding the lists', () => {
  it('answers how far they are then, and how long it took', async () => {
    const answer = await controllerOf(async () => undefined).rebuild();
    expect(rebuildProjections.reply!.parse(answer)).toMatchObject({ position: 7 });
  });

  it('is refused with the reason when the log cannot be read to its end', async () => {
    const controller = controllerOf(() => Promise.reject(new Error('halted at 3: not JSON')));
    await expect(controller.rebuild()).rejects.toMatchObject({
      code: 'projection.halted',
      details: { detail: 'halted at 3: not JSON' },
    });
  });
});
