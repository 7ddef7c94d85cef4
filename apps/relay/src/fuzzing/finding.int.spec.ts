import { afterEach, describe, expect, it, vi } from 'vitest';
import { freeze } from '@caravan/testing';
import { tell } from '../chain.fixture.js';
import { leaksBetween } from './footprint.fixture.js';
import { FuzzedRelay } from './fuzzed-relay.fixture.js';
import { BREAKING_ONLY, Fuzzer } from './fuzzer.fixture.js';
import { DESTROYS_WHILE_NODE_CLOSES, KEEPS_EVERYTHING, KEEPS_STACKS } from './preloads.fixture.js';

vi.setConfig({ testTimeout: 120_000 });

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_120);
const FEW = 15_000;
/** Of connections that say three; of so many, some thirty are kept. */
const BREAKING = 600;
/** It takes about a tenth. */
const SOME = 200_000;
/** Nobody needs to wait long for what has been stopped. */
const STOPPED_MS = 2_000;

describe('The fuzzer finds', () => {
  let relay: FuzzedRelay;
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

    await freeze(relay.child.pid!);
    expect(await relay.lifeUnder(fuzzer, FEW, STOPPED_MS)).toBe('hangs');
    expect(await relay.lifeUnder(fuzzer, FEW)).toBe('died');
  });

  it('a relay that keeps sessions by the stacks of their errors', async () => {
    relay = await FuzzedRelay.begin(KEEPS_STACKS);
    const before = await relay.footprint();
    expect(await relay.lifeUnder(new Fuzzer(SEED, relay.doors, BREAKING_ONLY), BREAKING)).toBe('works');
    const { sessions } = await relay.footprint();
    tell(`${before.sessions} sessions in memory before, ${sessions} afterwards`);
    expect(leaksBetween(before, { ...before, sessions })).toEqual([
      expect.stringContaining('leaks: HTTP/2 sessions in memory'),
    ]);
  });

  it('a relay that destroys streams while Node closes them, by peers that vanish', async () => {
    relay = await FuzzedRelay.begin(DESTROYS_WHILE_NODE_CLOSES);
    const fuzzer = new Fuzzer(SEED, relay.doors);
    expect(await relay.lifeUnder(fuzzer, SOME)).toBe('hangs');
    tell(`hangs within ${fuzzer.frames} frames of seed ${SEED}`);
  });
});
