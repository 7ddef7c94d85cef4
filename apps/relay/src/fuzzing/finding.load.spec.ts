import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tell } from '../chain.fixture.js';
import { buildRelay } from '../relay-process.fixture.js';
import { leaksBetween } from './footprint.fixture.js';
import { FuzzedRelay } from './fuzzed-relay.fixture.js';
import { Fuzzer } from './fuzzer.fixture.js';
import { DESTROYS_WHILE_NODE_CLOSES, KEEPS_EVERYTHING } from './preloads.fixture.js';

jest.setTimeout(120_000);

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_120);
const FEW = 15_000;
/** As many as the short run says; it takes about a tenth. */
const SOME = 200_000;
/** Nobody needs to wait long for what has been stopped. */
const STOPPED_MS = 2_000;

describe('The fuzzer finds', () => {
  let relay: FuzzedRelay;
  beforeAll(buildRelay, 120_000);
  afterEach(() => relay.chain.close());

  it('a relay that leaks, one that hangs, and one that is gone', async () => {
    relay = await FuzzedRelay.begin(KEEPS_EVERYTHING);
    const fuzzer = new Fuzzer(SEED, relay.doors);
    expect(await relay.lifeUnder(fuzzer, FEW)).toBe('works');
    const warm = await relay.footprint();
    expect(await relay.lifeUnder(fuzzer, FEW)).toBe('works');
    const leaks = leaksBetween(warm, await relay.footprint());
    for (const leak of leaks) tell(leak);
    expect(leaks).toContainEqual(expect.stringContaining('leaks: heap'));
    expect(leaks).toContainEqual(expect.stringContaining('leaks: open descriptors'));

    relay.child.kill('SIGSTOP');
    expect(await relay.lifeUnder(fuzzer, FEW, STOPPED_MS)).toBe('hangs');
    expect(await relay.lifeUnder(fuzzer, FEW)).toBe('died');
  });

  it('a relay that destroys streams while Node closes them, by peers that vanish', async () => {
    relay = await FuzzedRelay.begin(DESTROYS_WHILE_NODE_CLOSES);
    const fuzzer = new Fuzzer(SEED, relay.doors);
    expect(await relay.lifeUnder(fuzzer, SOME)).toBe('hangs');
    tell(`hangs within ${fuzzer.frames} frames of seed ${SEED}`);
  });
});
