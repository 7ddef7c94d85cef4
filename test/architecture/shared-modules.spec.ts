import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './code/workspace.js';

/** Vitest puts spies back once more between two files: one on a timer that was faked puts the fake back, and for the files behind it no time goes by. */
const SPIES_ON_GLOBALS = /spyOn\(\s*(globalThis|global|process|console)\b/;

describe('what the files of a suite share', () => {
  it('is not spied on', () => {
    const paths = ['apps', 'libs', 'test'].flatMap((folder) => filesBelow(folder, '.ts'));
    const spying = paths.filter((path) => !path.startsWith('test/architecture/') && SPIES_ON_GLOBALS.test(read(path)));
    expect(spying).toEqual([]);
  });

  it('is found when it is', () => {
    expect(SPIES_ON_GLOBALS.test("vi.spyOn(globalThis, 'setTimeout')")).toBe(true);
    expect(SPIES_ON_GLOBALS.test("vi.spyOn(clock, 'now')")).toBe(false);
  });
});
