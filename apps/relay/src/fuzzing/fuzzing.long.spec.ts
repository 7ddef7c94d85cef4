import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tell } from '../chain.fixture.js';
import { buildRelay } from '../relay-process.fixture.js';
import type { Footprint } from './fuzzed-relay.fixture.js';
import { FuzzedRelay } from './fuzzed-relay.fixture.js';
import { Fuzzer } from './fuzzer.fixture.js';

const ROUNDS = 50;
const FRAMES = 200_000;

jest.setTimeout(3 * 3_600_000);

describe('A relay that is spoken to as nobody should, for long', () => {
  let relay: FuzzedRelay;
  beforeAll(async () => {
    buildRelay();
    relay = await FuzzedRelay.begin();
  }, 120_000);
  afterAll(() => relay.chain.close());

  it(`works as before after ${ROUNDS * FRAMES} frames and their handshakes, and is no larger than after the first tenth`, async () => {
    const fuzzer = new Fuzzer(Number(process.env['FUZZ_SEED'] ?? 1), relay.doors);
    const { pid } = relay;
    const seen: Footprint[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await fuzzer.say(FRAMES);
      expect(await relay.carries()).toBe('e: honest');
      seen.push(await relay.footprint());
      tell(`${fuzzer.frames} frames, ${fuzzer.handshakes} connections: ${JSON.stringify(seen.at(-1))}`);
    }
    expect(relay.pid).toBe(pid);
    expect(await relay.faults()).toEqual([]);
    const [warm, last] = [seen[ROUNDS / 10]!, seen.at(-1)!];
    expect(last.descriptors).toBeLessThanOrEqual(warm.descriptors);
    expect(last.heap - warm.heap).toBeLessThan(2);
    expect(last.resident - warm.resident).toBeLessThan(32);
  });
});
