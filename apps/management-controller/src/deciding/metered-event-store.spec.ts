import { describe, expect, it } from 'vitest';
import { backboneStream } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { AppendOutcome, CommandMetadata } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { siteMetadata } from './metadata.js';
import { MeteredEventStore } from './metered-event-store.js';
import { SITE_WRITES } from './write-rates.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const byMember = (): CommandMetadata => siteMetadata({ kind: 'member', id: id('hq') }, ['anything'], now);

/** A log whose streams have always changed meanwhile. */
class Contended extends InMemoryEventStore {
  override async append(): Promise<AppendOutcome> {
    return { outcome: 'conflict' };
  }
}

describe('a log in which sites pay', () => {
  const metered = () => {
    const store = new MeteredEventStore(new Contended());
    return (metadata: CommandMetadata) =>
      store.append(backboneStream(id('demo')), [], { expectedRevision: 0, previousHash: null, metadata });
  };
  const often = async (times: number, work: () => Promise<unknown>): Promise<void> => {
    for (let turn = 0; turn < times; turn++) await work();
  };

  it('is paid for each command of a site', async () => {
    const append = metered();
    await often(SITE_WRITES.burst, () => append(byMember()));
    await expect(append(byMember())).rejects.toMatchObject({ code: 'site.too-fast' });
  });

  it('is paid once for a command that is tried again', async () => {
    const append = metered();
    const command = byMember();
    await often(SITE_WRITES.burst * 2, () => append(command));
    expect(await append(byMember())).toEqual({ outcome: 'conflict' });
  });

  it.each([
    ['those who claim, and share one certificate', siteMetadata({ kind: 'claim', id: id('store') }, ['claim'], now)],
    ['operators', commandMetadata({ now })],
    ['reactions to what a site did', { ...byMember(), via: 'reaction' } as const],
  ])('is free for %s', async (_, metadata) => {
    const append = metered();
    await often(SITE_WRITES.burst + 1, () => append({ ...metadata }));
  });
});
