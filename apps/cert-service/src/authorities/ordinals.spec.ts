import { describe, expect, it } from 'vitest';
import { RotationAdvanced, RotationBegun, rotationStream } from '@caravan/events';
import type { RotationEvent } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { RecordedOrdinals } from './ordinals.js';

const ownerId = '0199d1b0-0000-7000-8000-000000000001';
const of = { ownerId, rotationId: '0199d1b0-0000-7000-8000-000000000002' };
const owner = { kind: 'backbone', backboneId: ownerId } as const;
const begun = (ordinal: number) => RotationBegun({ ...of, owner, ordinal, cause: 'requested', patienceSeconds: null });
const advanced = (ordinal: number, phase: 'listeners' | 'diallers' | 'retire') =>
  RotationAdvanced({ ...of, owner, ordinal, phase, confirmed: 1, without: 0, withoutSites: [] });

/** A log of one owner's rotations, which can hold its answers back. */
class Log {
  readonly #store = new InMemoryEventStore();
  reads = 0;
  gate = Promise.resolve();

  async append(...events: RotationEvent[]): Promise<void> {
    for (const event of events) {
      const { revision, lastCommitHash } = await this.#store.read(rotationStream(ownerId));
      const metadata = commandMetadata({ commandId: `c${revision}` });
      const options = { expectedRevision: revision, previousHash: lastCommitHash, metadata };
      await this.#store.append(rotationStream(ownerId), [event], options);
    }
  }

  async read(...what: Parameters<InMemoryEventStore['read']>): ReturnType<InMemoryEventStore['read']> {
    this.reads++;
    const answer = await this.#store.read(...what);
    await this.gate;
    return answer;
  }
}

describe('the ordinal that signs', () => {
  it('is the first until something was rotated', async () => {
    expect(await new RecordedOrdinals(new Log()).inUse(ownerId)).toBe(1);
  });

  it('is the next one as soon as that is trusted everywhere, and no sooner', async () => {
    const log = new Log();
    const ordinals = new RecordedOrdinals(log);
    await log.append(begun(2));
    expect(await ordinals.inUse(ownerId)).toBe(1);
    await log.append(advanced(2, 'listeners'));
    expect(await ordinals.inUse(ownerId)).toBe(2);
    await log.append(advanced(2, 'diallers'), advanced(2, 'retire'));
    expect(await ordinals.inUse(ownerId)).toBe(2);
    await log.append(begun(3));
    expect(await ordinals.inUse(ownerId)).toBe(2);
    expect(await new RecordedOrdinals(log).inUse(ownerId)).toBe(2);
  });

  it('is what was decided before the question, also when another is under way', async () => {
    const log = new Log();
    const ordinals = new RecordedOrdinals(log);
    await log.append(begun(2));
    let open: () => void = () => undefined;
    log.gate = new Promise((resolve) => (open = resolve));
    const before = ordinals.inUse(ownerId);
    await log.append(advanced(2, 'listeners'));
    const after = [ordinals.inUse(ownerId), ordinals.inUse(ownerId)];
    open();
    expect(await before).toBe(1);
    expect(await Promise.all(after)).toEqual([2, 2]);
    // The two who came while one was under way shared the next.
    expect(log.reads).toBe(2);
  });

  it('is asked for again after the log was away', async () => {
    const log = new Log();
    const ordinals = new RecordedOrdinals(log);
    log.gate = Promise.reject(new Error('away'));
    const [one, other] = [ordinals.inUse(ownerId), ordinals.inUse(ownerId)];
    await expect(one).rejects.toThrow('away');
    await expect(other).rejects.toThrow('away');
    log.gate = Promise.resolve();
    expect(await ordinals.inUse(ownerId)).toBe(1);
  });
});
