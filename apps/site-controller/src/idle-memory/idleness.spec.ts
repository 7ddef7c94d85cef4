import { describe, expect, it } from 'vitest';
import { Idleness } from './idleness.js';

const MiB = 1024 * 1024;

/** A process looked at every ten seconds: how busy it was since, and what it holds. */
function watched() {
  const idleness = new Idleness();
  let [atMs, cpuMs] = [0, 0];
  const usage = (holdsMiB: number) => ({ atMs, cpuMs, residentBytes: holdsMiB * MiB });
  const look = (share: number, holdsMiB: number): boolean => {
    atMs += 10_000;
    cpuMs += share * 10_000;
    return idleness.isTimeToGiveBack(usage(holdsMiB));
  };
  const give = (leftMiB: number): void => idleness.gaveBack(usage(leftMiB));
  return { look, give };
}

describe('a process gives memory back', () => {
  it('once it has started and nothing is to do', () => {
    const { look } = watched();
    expect([look(0.3, 70), look(0.05, 70), look(0.01, 70)]).toEqual([false, false, true]);
  });

  it('not again while it holds what it must', () => {
    const { look, give } = watched();
    look(0, 70);
    expect(look(0, 70)).toBe(true);
    give(57);
    expect([look(0, 57), look(0, 58), look(0, 59)]).toEqual([false, false, false]);
  });

  it('again after a time of work, and not in it', () => {
    const { look, give } = watched();
    look(0, 70);
    look(0, 70);
    give(57);
    expect([look(0.5, 90), look(0.02, 90), look(0.01, 90)]).toEqual([false, false, true]);
  });

  it('as much as it can, which it does not take for work to do', () => {
    const { look, give } = watched();
    look(0, 70);
    expect(look(0, 70)).toBe(true);
    give(65);
    expect(look(0, 66)).toBe(false);
    expect(look(0, 68)).toBe(true);
  });
});
