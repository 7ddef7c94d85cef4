import { describe, expect, it } from 'vitest';
import { keyOf } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { NetworkWithdrawn } from '@caravan/events';
import type { SyncReply } from '@caravan/events';
import fc from 'fast-check';
import { memberRemoved } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { daysLater, id, INSTALLATION } from '../names.fixture.js';
import { due } from '../trust-events.fixture.js';
import { compile } from '../compiling/index.js';
import { emptyModel, evolve } from '../model/index.js';
import type { LogEvent, Model } from '../model/index.js';
import { anyLog, everySite } from '../random-log.fixture.js';
import { DesiredStates } from './desired-states.js';

/** A site that does what it is told. */
class Told {
  #items = new Map<string, Item>();
  revision = 0;

  hear({ kind, revision, items, removed }: SyncReply): void {
    if (kind === 'snapshot') this.#items = new Map();
    for (const key of removed) this.#items.delete(key);
    for (const { key, item } of items) this.#items.set(key, item as Item);
    this.revision = revision;
  }

  get items(): Map<string, Item> {
    return new Map([...this.#items].sort(([a], [b]) => a.localeCompare(b)));
  }
}

/** Compiled at once from the events: what was kept since the last time would prove nothing. */
const wanted = (model: Model, siteId: string) =>
  new Map(
    compile(model, siteId)
      .map((item) => [keyOf(item) as string, item] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );

/** Undefined for a site that is unknown. */
function known<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** What every site would be told from every revision on. */
const allAnswers = (states: DesiredStates, upTo: number) =>
  everySite.map((siteId) =>
    Array.from({ length: upTo + 2 }, (_, revision) => known(() => states.changesSince(siteId, revision, upTo))),
  );

describe('a site that asks for changes now and then', () => {
  it('has what is desired of it each time, whatever happened in between', () => {
    fc.assert(
      fc.property(anyLog, fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (log, asks) => {
        const states = new DesiredStates(INSTALLATION);
        const model = emptyModel(INSTALLATION);
        const told = new Map(everySite.map((siteId) => [siteId, new Told()]));
        for (const [index, event] of log.entries()) {
          states.take(event, index + 1, daysLater(index));
          evolve(model, event, daysLater(index));
          for (const [siteId, site] of told) {
            if (asks.next().value !== 0) continue;
            const reply = known(() => states.changesSince(siteId, site.revision, index + 1));
            if (!reply) continue;
            site.hear(reply);
            expect(site.items).toEqual(wanted(model, siteId));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has nothing left to do when its network ended, not even the certificate that it was to ask for', () => {
    const folded = new Folded();
    folded.take(due.member('hq', 2));
    const before = folded.position;
    folded.take(NetworkWithdrawn({ backboneId: id('demo'), networkId: id('retail') }));
    expect(folded.changesSince('hq', before).removed).toContain('certificate/site');
  });

  it('is told nothing when it is up to date', () => {
    const folded = new Folded();
    const { position } = folded;
    expect(folded.changesSince('hq', position)).toEqual({
      kind: 'delta',
      revision: position,
      items: [],
      removed: [],
    });
  });
});

describe('a fold of the log', () => {
  it('gives the same answers after a restart, in whatever batches it read and whenever it was asked in between', () => {
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(anyLog, sizes, sizes, (log, before, after) => {
        const states = readInBatches(log, before);
        const restarted = readInBatches(log, after);
        expect(allAnswers(restarted, log.length)).toEqual(allAnswers(states, log.length));
      }),
      { numRuns: 50 },
    );
  });
});

/** Every site asks for everything at the end of each batch. */
function readInBatches(log: readonly LogEvent[], sizes: Iterator<number>): DesiredStates {
  const states = new DesiredStates(INSTALLATION);
  let left = Number(sizes.next().value);
  for (const [index, event] of log.entries()) {
    states.take(event, index + 1, daysLater(index));
    if (--left > 0) continue;
    left = Number(sizes.next().value);
    for (const siteId of everySite) known(() => states.changesSince(siteId, 0, index + 1));
  }
  return states;
}

describe('a site that the log does not know', () => {
  it('is refused as unknown', () => {
    const folded = new Folded();
    expect(() => folded.changesSince('nowhere', 0)).toThrow('site.unknown');
    expect(() => folded.states.site(id('nowhere'))).toThrow('site.unknown');
  });

  it('but was removed is told that nothing is left', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(memberRemoved('hq', 'retail'));
    const nothing = { kind: 'snapshot', revision: folded.position, items: [], removed: [] };
    expect(folded.changesSince('hq', before)).toEqual(nothing);
    expect(folded.changesSince('hq', 0)).toEqual(nothing);
  });
});
