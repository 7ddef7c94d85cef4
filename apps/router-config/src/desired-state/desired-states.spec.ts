import { describe, expect, it } from '@jest/globals';
import { keyOf } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';
import fc from 'fast-check';
import { Folded, id, INSTALLATION, memberRemoved } from '../example.fixture.js';
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
    Array.from({ length: upTo + 2 }, (_, revision) => known(() => states.changesSince(siteId, revision))),
  );

describe('a site that asks for changes now and then', () => {
  it('has what is desired of it each time, whatever happened in between', () => {
    fc.assert(
      fc.property(anyLog, fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (log, asks) => {
        const states = new DesiredStates(INSTALLATION);
        const model = emptyModel(INSTALLATION);
        const told = new Map(everySite.map((siteId) => [siteId, new Told()]));
        for (const [index, event] of log.entries()) {
          states.take([event], index + 1);
          evolve(model, event);
          for (const [siteId, site] of told) {
            if (asks.next().value !== 0) continue;
            const reply = known(() => states.changesSince(siteId, site.revision));
            if (!reply) continue;
            site.hear(reply);
            expect(site.items).toEqual(wanted(model, siteId));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is told nothing when it is up to date', () => {
    const folded = new Folded();
    const { position } = folded.states;
    expect(folded.states.changesSince(id('hq'), position)).toEqual({
      kind: 'delta',
      revision: position,
      items: [],
      removed: [],
    });
  });
});

describe('a fold of the log', () => {
  it('gives the same answers after a restart, however often and whenever it was asked before', () => {
    fc.assert(
      fc.property(anyLog, fc.infiniteStream(fc.boolean()), (log, asks) => {
        const asked = new DesiredStates(INSTALLATION);
        for (const [index, event] of log.entries()) {
          asked.take([event], index + 1);
          if (asks.next().value) allAnswers(asked, 0);
        }
        const restarted = new DesiredStates(INSTALLATION);
        for (const [index, event] of log.entries()) restarted.take([event], index + 1);
        expect(allAnswers(restarted, log.length)).toEqual(allAnswers(asked, log.length));
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same answers whether it reads commit by commit or event by event up to the same position', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 80, maxLength: 200 }), (log, sizes) => {
        const commits: LogEvent[][] = [];
        let rest = log;
        for (const size of sizes) {
          if (rest.length > 0) commits.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        const whole = new DesiredStates(INSTALLATION);
        for (const [index, commit] of commits.entries()) whole.take(commit, index + 1);
        const parts = new DesiredStates(INSTALLATION);
        for (const [index, commit] of commits.entries()) for (const event of commit) parts.take([event], index + 1);
        expect(allAnswers(parts, commits.length)).toEqual(allAnswers(whole, commits.length));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a site that the log does not know', () => {
  it('is refused as unknown', () => {
    const folded = new Folded();
    expect(() => folded.states.changesSince(id('nowhere'), 0)).toThrow('site.unknown');
    expect(() => folded.states.site(id('nowhere'))).toThrow('site.unknown');
  });

  it('but was removed is told that nothing is left', () => {
    const folded = new Folded();
    const before = folded.states.position;
    folded.take(memberRemoved('hq', 'retail'));
    const nothing = { kind: 'snapshot', revision: folded.states.position, items: [], removed: [] };
    expect(folded.states.changesSince(id('hq'), before)).toEqual(nothing);
    expect(folded.states.changesSince(id('hq'), 0)).toEqual(nothing);
  });
});
