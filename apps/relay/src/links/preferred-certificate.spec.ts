import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productionTiming } from '../limits.js';
import { dialling } from './dialled-line.fixture.js';
import type { Dialling, DialTarget } from './dialled-line.js';

/** The preferred first. */
const both = { token: 'both', means: [{ mark: 'supplied' }, { mark: 'own' }] } as unknown as DialTarget;

describe('a dialled line that has two certificates', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const last = <T>(all: readonly T[]): T => all.at(-1)!;
  const shown = (dialled: readonly { target: Dialling }[]) =>
    dialled.map(({ target: { credential } }) => credential.mark);
  /** Let in by its own certificate after the first was not, and trying the first again. */
  const upByOwn = async () => {
    const played = dialling();
    const { line, dialled, pass } = played;
    line.redial(both);
    await pass(0);
    dialled[0]!.line.drop('not let in');
    await pass(1_000);
    const byOwn = dialled[1]!.line;
    byOwn.greet();
    await pass(2_000);
    expect(shown(dialled)).toEqual(['supplied', 'own', 'supplied']);
    return { ...played, byOwn };
  };

  it('shows the first, and the other in turn while none is let in', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(both);
    for (let attempts = 0; attempts < 4; attempts++) {
      await pass(productionTiming.backoff.mostMs);
      last(dialled).line.drop('not let in');
      await pass(0);
    }
    expect(shown(dialled).slice(0, 4)).toEqual(['supplied', 'own', 'supplied', 'own']);
  });

  it('tries the first again while it is up by the other, ever more seldom, and changes over when that is let in', async () => {
    const { line, dialled, pass, byOwn } = await upByOwn();
    last(dialled).line.drop('not let in');
    const before = dialled.length;
    await pass(10 * 60_000);
    expect(line.current).toBe(byOwn);
    expect(dialled.length - before).toBeLessThan(12);
    expect(new Set(shown(dialled).slice(before))).toEqual(new Set(['supplied']));
    while (last(dialled).line.status !== 'greeting') await pass(60_000);
    const bySupplied = last(dialled).line;
    bySupplied.greet();
    bySupplied.knowOffers();
    await pass(0);
    expect([line.current, byOwn.status]).toEqual([bySupplied, 'draining']);
    const then = dialled.length;
    await pass(60 * 60_000);
    expect(dialled).toHaveLength(then);
  });

  it('takes turns again when it is lost while the first is tried', async () => {
    const { dialled, pass, byOwn } = await upByOwn();
    byOwn.drop('lost');
    last(dialled).line.drop('not let in');
    await pass(1_000);
    expect(shown(dialled)).toEqual(['supplied', 'own', 'supplied', 'own']);
  });
});
