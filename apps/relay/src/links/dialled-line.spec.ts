import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productionTiming } from '../limits.js';
import { dialling } from './dialled-line.fixture.js';
import type { DialTarget } from './dialled-line.js';

const target = (serial: string, validFrom = 0): DialTarget =>
  ({ token: serial, means: [{ mark: `own ${serial}`, validFrom }] }) as unknown as DialTarget;

describe('a dialled line', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is up once both ends have greeted', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target('1'));
    await pass(0);
    expect(line.current).toBeUndefined();
    dialled[0]!.line.greet();
    await pass(0);
    expect(line.current).toBe(dialled[0]!.line);
    expect(line.problem).toBeUndefined();
  });

  it('is dialled seldom while its certificate is not valid yet, and at once when it is', async () => {
    const { line, dialled, pass } = dialling();
    const start = Date.now() + 10 * 60_000;
    line.redial(target('1', start));
    const refuse = async (): Promise<void> => {
      await pass(0);
      dialled.at(-1)!.line.drop('not let in');
      await pass(0);
    };
    await refuse();
    while (Date.now() < start - 60_000) {
      const before = dialled.length;
      await pass(60_000);
      expect(dialled.length - before).toBeLessThanOrEqual(1);
      await refuse();
    }
    const before = dialled.length;
    await pass(start - Date.now() + 2_000);
    expect(dialled.length).toBeGreaterThan(before);
    // From then on as any other.
    await refuse();
    const late = dialled.length;
    await pass(productionTiming.backoff.mostMs);
    expect(dialled.length).toBeGreaterThan(late);
  });

  describe('that is dialled again with a new certificate', () => {
    /** Dials and greets, `times` in all; nothing is known of what is offered. */
    async function greetedAgain(times: number) {
      const { line, dialled, pass } = dialling();
      for (let serial = 1; serial <= times; serial++) {
        line.redial(target(String(serial)));
        await pass(0);
        dialled.at(-1)!.line.greet();
        await pass(0);
      }
      const fakes = dialled.map(({ line: fake }) => fake);
      return { line, dialled, pass, fakes, statuses: () => fakes.map(({ status }) => status) };
    }

    it('is dialled once, and the old one drains when it is known what the new one offers', async () => {
      const { line, dialled, pass, fakes, statuses } = await greetedAgain(2);
      await pass(productionTiming.dialMs - 1);
      expect(statuses()).toEqual(['up', 'up']);
      fakes[1]!.knowOffers();
      expect(statuses()).toEqual(['draining', 'up']);
      fakes[0]!.drop('empty');
      await pass(60_000);
      expect(dialled).toHaveLength(2);
      expect(line.current).toBe(fakes[1]);
    });

    it('keeps the old one until the new one is up', async () => {
      const { line, pass, statuses } = await greetedAgain(1);
      line.redial(target('2'));
      await pass(60_000);
      expect(statuses()).toEqual(['up']);
    });

    it('drains the old one in time, also when the other end never says that it has told all', async () => {
      const { pass, statuses } = await greetedAgain(2);
      await pass(productionTiming.dialMs);
      expect(statuses()).toEqual(['draining', 'up']);
    });

    it('keeps the old one when the new one is lost before, until the next has told all', async () => {
      const { line, dialled, pass, fakes, statuses } = await greetedAgain(2);
      fakes[1]!.drop('cut');
      await pass(productionTiming.dialMs);
      expect(statuses()).toEqual(['up', 'closed']);
      const next = dialled.at(-1)!.line;
      next.areOffersKnown = true;
      next.greet();
      await pass(0);
      expect(statuses()).toEqual(['draining', 'closed']);
      expect(line.current).toBe(next);
    });

    it('and again at once, drains those only that are older than the one that has told all', async () => {
      const { fakes, statuses } = await greetedAgain(3);
      fakes[1]!.knowOffers();
      expect(statuses()).toEqual(['draining', 'up', 'up']);
      fakes[2]!.knowOffers();
      expect(statuses()).toEqual(['draining', 'draining', 'up']);
    });

    it('does not mind that the old one ends meanwhile', async () => {
      const { line, dialled, pass, fakes } = await greetedAgain(2);
      fakes[0]!.drop('expired');
      fakes[1]!.knowOffers();
      await pass(60_000);
      expect(line.current).toBe(fakes[1]);
      expect(dialled).toHaveLength(2);
    });

    it('stops with all that it has', async () => {
      const { line, dialled, pass, statuses } = await greetedAgain(3);
      line.stop('removed');
      await pass(60_000);
      expect(statuses()).toEqual(['closed', 'closed', 'closed']);
      expect(dialled).toHaveLength(3);
    });
  });

  it('is dialled again when it is lost, each time after a longer wait, until it has settled', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target('1'));
    for (const wait of [100, 200, 400]) {
      await pass(0);
      dialled.at(-1)!.line.greet();
      await pass(0);
      dialled.at(-1)!.line.drop('cut');
      const before = dialled.length;
      await pass(wait - 5);
      expect([dialled.length, line.problem]).toEqual([before, 'cut']);
      await pass(5);
      expect(dialled).toHaveLength(before + 1);
    }
    dialled.at(-1)!.line.greet();
    await pass(productionTiming.settledMs);
    dialled.at(-1)!.line.drop('cut');
    await pass(100);
    expect(dialled).toHaveLength(5);
  });

  it('is replaced when the other end wants to close it, before it is gone', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target('1'));
    await pass(0);
    dialled[0]!.line.greet();
    await pass(0);
    dialled[0]!.line.drain();
    await pass(100);
    dialled[1]!.line.greet();
    await pass(0);
    expect(line.current).toBe(dialled[1]!.line);
  });

  it('that the other end drops without a greeting says what that may mean', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target('1'));
    await pass(0);
    dialled[0]!.line.drop('read ECONNRESET');
    await pass(0);
    expect(line.problem).toMatch(/does it accept this certificate\?.*ECONNRESET/);
  });

  it('takes a new target for an attempt that is under way, and leaves a line that is up', async () => {
    const { line, dialled, pass } = dialling();
    line.redial(target('1'));
    await pass(0);
    line.retarget(target('2'));
    await pass(0);
    expect(dialled.map(({ target: { token }, signal }) => [token, signal.aborted])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    dialled[1]!.line.greet();
    await pass(0);
    line.retarget(target('3'));
    await pass(60_000);
    expect(dialled).toHaveLength(2);
    dialled[1]!.line.drop('cut');
    await pass(100);
    expect(dialled[2]!.target.token).toBe('3');
  });
});
