import { describe, expect, it } from 'vitest';
import { shipped, source, sources } from './code/workspace.js';
import type { Source } from './code/workspace.js';

/** A room should be seen at a glance: split by concept, not by size. */
const NONE_ABOVE = 400;
const FEW_ABOVE = 200;
/** How many of what ships, and of everything, may be above `FEW_ABOVE`. Lower it when you can; raising it needs a reason. */
const FEW = { shipped: 6, all: 24 };

const linesOf = ({ text }: Source): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
const longer = (than: number, files: readonly Source[]): string[] =>
  files.filter((file) => linesOf(file) > than).map((file) => `${file.path} has ${linesOf(file)} lines`);
const median = (files: readonly Source[]): number => {
  const lengths = files.map(linesOf).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
};

describe('files', () => {
  it('are never above 400 lines', () => {
    expect(longer(NONE_ABOVE, sources())).toEqual([]);
  });

  it('are seldom above 200 lines', () => {
    const [ship, all] = [longer(FEW_ABOVE, shipped()), longer(FEW_ABOVE, sources())];
    expect({ few: ship.length <= FEW.shipped, ship }).toMatchObject({ few: true });
    expect({ few: all.length <= FEW.all, all }).toMatchObject({ few: true });
  });

  it('have around 80 lines', () => {
    expect(median(shipped())).toBeLessThanOrEqual(80);
  });

  it('that are too long are found', () => {
    const of = (lines: number) => source(`libs/pki/src/${lines}.ts`, 'const a = 1;\n'.repeat(lines));
    expect(longer(NONE_ABOVE, [of(400), of(401)])).toEqual(['libs/pki/src/401.ts has 401 lines']);
    expect(median([of(1), of(7), of(500)])).toBe(7);
  });
});
