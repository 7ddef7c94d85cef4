import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productionTiming } from '../limits.js';
import { dialling } from './dialled-line.fixture.js';
import type { DialTarget } from './dialled-line.js';
import { Distrust } from './distrust.js';

const target = { token: '1', means: [{ mark: 'own', validFrom: 0 }] } as unknown as DialTarget;

describe('distrust on a line', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(['ours', 'theirs'] as const)('is told as %s, until it fails for another reason or is up', async (of) => {
    let failure: Error | undefined = new Distrust(of, 'a stranger');
    const { line, dialled, pass } = dialling(() => failure);
    const next = (error?: Error) => ((failure = error), pass(productionTiming.backoff.mostMs));
    line.redial(target);
    await pass(0);
    expect(line).toMatchObject({ distrust: of, problem: 'a stranger' });
    await next(new Error('nothing listens'));
    expect(line).toMatchObject({ distrust: undefined, problem: 'nothing listens' });
    await next(new Distrust(of, 'a stranger'));
    expect(line.distrust).toBe(of);
    await next();
    dialled.at(-1)!.line.greet();
    await pass(0);
    expect(line).toMatchObject({ distrust: undefined, problem: undefined });
  });

  it('is theirs where the other end closes before it greets', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target);
    await pass(0);
    dialled[0]!.line.drop('reset');
    await pass(0);
    expect(line.distrust).toBe('theirs');
  });
});
