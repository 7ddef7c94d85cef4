import { describe, expect, it } from 'vitest';
import { seen } from './progress.js';
import type { Progress } from './progress.js';

const at = (position: number, waitFor: Progress['waitFor']): Progress => ({ position: () => position, waitFor });

describe('reading what was written', () => {
  it('waits for nothing when the rows are as far', async () => {
    const unasked = at(7, () => Promise.reject(new Error('nobody should wait')));
    await seen(unasked, 7);
    await seen(unasked, 0);
  });

  it('waits until the rows are as far', async () => {
    const waited: number[] = [];
    await seen(
      at(7, async (position) => waited.push(position) > 0),
      8,
    );
    expect(waited).toEqual([8]);
  });

  it('is refused, not answered with old rows, when that takes too long', async () => {
    await expect(
      seen(
        at(7, async () => false),
        8,
      ),
    ).rejects.toMatchObject({
      code: 'projection.behind',
      details: { position: 8, at: 7 },
    });
  });

  it('is refused with the reason when the projections halted', async () => {
    const halted = at(7, () => Promise.reject(new Error('halted at position 7')));
    await expect(seen(halted, 8)).rejects.toMatchObject({
      code: 'projection.behind',
      details: { detail: expect.stringContaining('halted at position 7') },
    });
  });
});
