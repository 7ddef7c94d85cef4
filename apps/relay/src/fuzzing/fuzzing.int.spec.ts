import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tell } from '../chain.fixture.js';
import type { Footprint } from './footprint.fixture.js';
import { inWords, leaksBetween } from './footprint.fixture.js';
import { FuzzedRelay } from './fuzzed-relay.fixture.js';
import { BREAKS_EARLY, Fuzzer } from './fuzzer.fixture.js';

vi.setConfig({ testTimeout: 120_000 });

const ROUNDS = 4;
const FRAMES = 25_000;
/** Frames of connections that say three: of so few sessions, too, a relay that keeps some (finding.int.spec) keeps more than are allowed. */
const BREAKING = 45;

describe('A relay that is spoken to as nobody should', () => {
  let relay: FuzzedRelay;
  beforeAll(async () => {
    relay = await FuzzedRelay.begin();
  }, 120_000);
  afterAll(() => relay.chain.close());

  it(`works as before after ${ROUNDS * FRAMES} frames and their handshakes, and keeps nothing of them`, async () => {
    const fuzzer = new Fuzzer(20_261_120, relay.doors);
    const seen: Footprint[] = [await relay.footprint()];
    for (let round = 0; round < ROUNDS; round++) {
      expect(await relay.lifeUnder(fuzzer, FRAMES)).toBe('works');
      seen.push(await relay.footprint());
    }
    tell(`${fuzzer.frames} frames in ${fuzzer.handshakes} connections, ${fuzzer.attacks.size} kinds of attack`);
    for (const at of seen) tell(inWords(at));
    expect(fuzzer.attacks.get(BREAKS_EARLY)).toBeGreaterThan(BREAKING);
    expect(await relay.faults()).toEqual([]);
    // The first round warms it up: code is compiled, and the heap's young generation has grown to its full size.
    // What is counted one by one needs no warmth.
    const { descriptors, handles, sessions } = seen[0]!;
    expect(leaksBetween({ ...seen[1]!, descriptors, handles, sessions }, seen.at(-1)!)).toEqual([]);
  });
});
