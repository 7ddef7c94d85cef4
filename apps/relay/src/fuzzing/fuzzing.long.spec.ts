import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tell } from '../chain.fixture.js';
import type { Footprint } from './footprint.fixture.js';
import { inWords, leaksBetween, typical } from './footprint.fixture.js';
import { FuzzedRelay } from './fuzzed-relay.fixture.js';
import { Fuzzer } from './fuzzer.fixture.js';

const MILLIONS = 10;
const LOOKS_EACH = 5;
/** Less than a million for a million, to try the run itself. */
const MILLION = Number(process.env['FUZZ_MILLION'] ?? 1_000_000);
const FRAMES = MILLION / LOOKS_EACH;

vi.setConfig({ testTimeout: 3 * 3_600_000 });

describe('A relay that is spoken to as nobody should, for long', () => {
  let relay: FuzzedRelay;
  beforeAll(async () => {
    relay = await FuzzedRelay.begin();
  }, 120_000);
  afterAll(() => relay.chain.close());

  it(`works as before after ${MILLIONS * MILLION} frames and their handshakes, and is in the last million what it was in the first`, async () => {
    const fuzzer = new Fuzzer(Number(process.env['FUZZ_SEED'] ?? 1), relay.doors);
    const seen: Footprint[] = [];
    const look = async (): Promise<void> => {
      expect(await relay.lifeUnder(fuzzer, FRAMES)).toBe('works');
      const at = await relay.footprint();
      tell(`${fuzzer.frames} frames, ${fuzzer.handshakes} connections: ${inWords(at)}`);
      seen.push(at);
    };
    await look();
    const cold = seen.pop()!;
    while (seen.length < MILLIONS * LOOKS_EACH - 1) await look();
    const [first, last] = [typical(seen.slice(0, LOOKS_EACH)), typical(seen.slice(-LOOKS_EACH))];
    tell(`before it was warm:              ${inWords(cold)}`);
    tell(`in the first million after that: ${inWords(first)}`);
    tell(`in the last million:             ${inWords(last)}`);
    expect(await relay.faults()).toEqual([]);
    const leaks = leaksBetween(first, last);
    tell(leaks.length === 0 ? 'keeps nothing: no memory, no socket, no tunnel' : leaks.join('; '));
    expect(leaks).toEqual([]);
  });
});
