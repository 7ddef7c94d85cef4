import { describe, expect, it } from 'vitest';
import { RotationBegun, rotationStream } from '@caravan/events';
import type { AuthorityKind, Event } from '@caravan/events';
import { established as root } from '../certificates/certificate.fixture.js';
import { Directory } from '../directory/directory.js';
import { notStarted } from '../directory/watching.fixture.js';
import { id } from '../example.fixture.js';
import { created, networkTerms, rescheduled, resumed, suspended } from '../networks/network.fixture.js';
import { dueByAge, isInstallationDue } from './by-age.js';
import { RotationsByAge } from './rotations-by-age.js';
import { backboneId, established, networkId, Rotating } from './rotating.fixture.js';

const YEAR = 365 * 86_400_000;
const from = Date.parse('2026-01-01T00:00:00.000Z');
const year = (count: number) => new Date(from + count * YEAR);
const lasting = <E extends Event<string, { notBefore: string; notAfter: string }>>(
  event: E,
  begins: number,
  ends: number,
): E => ({
  ...event,
  data: { ...event.data, notBefore: year(begins).toISOString(), notAfter: year(ends).toISOString() },
});
const authority = (kind: AuthorityKind, begins: number, ends: number, ordinal = 1) =>
  lasting(established(kind, ordinal), begins, ends);
const tree = [
  lasting(root('root'), 0, 20),
  authority('backbone', 0, 10),
  authority('infrastructure', 0, 5),
  authority('member', 0, 5),
];

const dueAt = (years: number, ...events: Event[]) => {
  const directory = new Directory();
  for (const event of events) directory.apply(event);
  return dueByAge(directory, year(years)).map(({ ownerId, ordinal }) => [ownerId, ordinal]);
};

describe('authorities are old enough to be replaced', () => {
  it('after six tenths of their life, and after seven at the latest', () => {
    expect(dueAt(2.9, created, ...tree)).toEqual([]);
    expect(dueAt(3.5, created, ...tree)).toEqual([
      [backboneId, 1],
      [networkId, 1],
    ]);
  });

  it('not when there are newer ones', () => {
    const newer = [authority('infrastructure', 3, 8, 2), authority('member', 3, 8, 2)];
    expect(dueAt(4, created, ...tree, ...newer)).toEqual([]);
    expect(dueAt(7, created, ...tree, ...newer)).toEqual([
      [backboneId, 2],
      [networkId, 2],
    ]);
  });

  it('not when the next ones would end no later', () => {
    const { startsAt } = networkTerms;
    const ends = { ...created, data: { ...created.data, startsAt, endsAt: year(5).toISOString() } };
    expect(dueAt(4, ends, ...tree)).toEqual([[backboneId, 1]]);
    const capped = [
      lasting(root('root'), 0, 5),
      authority('backbone', 0, 5),
      authority('infrastructure', 0, 5),
      authority('member', 0, 5),
    ];
    expect(dueAt(4, created, ...capped)).toEqual([]);
  });

  it('not where nothing is', () => {
    expect(dueAt(100)).toEqual([]);
    expect(dueAt(100, created)).toEqual([]);
  });
});

describe('authorities are outgrown by their network', () => {
  const { startsAt } = networkTerms;
  const ends = (years: number) => year(years).toISOString();
  const ending = { ...created, data: { ...created.data, endsAt: ends(1) } };
  const begun = (from: string, until: string | null) => {
    const owner = { kind: 'network', networkId, backboneId, startsAt: from, endsAt: until } as const;
    const about = { ownerId: networkId, rotationId: id('rotation'), owner, ordinal: 2 };
    return RotationBegun({ ...about, cause: 'window', patienceSeconds: null });
  };

  it('that lasts longer, or begins sooner, than they were made for', () => {
    expect(dueAt(0.1, ending, ...tree)).toEqual([]);
    expect(dueAt(0.1, ending, ...tree, rescheduled(startsAt, ends(2)))).toEqual([[networkId, 1]]);
    expect(dueAt(0.1, ending, ...tree, rescheduled(startsAt, null))).toEqual([[networkId, 1]]);
    expect(dueAt(0.1, ending, ...tree, rescheduled(ends(-1), ends(1)))).toEqual([[networkId, 1]]);
  });

  it('and not of one that is shorter now, is suspended, is over, or is followed already', () => {
    expect(dueAt(0.1, ending, ...tree, rescheduled(startsAt, ends(0.5)))).toEqual([]);
    expect(dueAt(0.1, created, ...tree, rescheduled(startsAt, ends(0.5)))).toEqual([]);
    const longer = rescheduled(startsAt, ends(2));
    expect(dueAt(0.1, ending, ...tree, longer, suspended)).toEqual([]);
    expect(dueAt(4, created, ...tree, suspended)).toEqual([[backboneId, 1]]); // however old
    expect(dueAt(0.1, ending, ...tree, longer, suspended, resumed)).toEqual([[networkId, 1]]);
    expect(dueAt(2, ending, ...tree, longer)).toEqual([]);
    expect(dueAt(0.1, ending, ...tree, longer, begun(startsAt, ends(2)))).toEqual([]);
    expect(dueAt(0.1, ending, ...tree, longer, begun(startsAt, ends(1)))).toEqual([[networkId, 1]]);
  });
});

describe('root and management authority are old enough', () => {
  const isDue = (years: number, ...events: Event[]) => {
    const directory = new Directory();
    for (const event of events) directory.apply(event);
    return isInstallationDue(directory, 'installation', year(years)) !== undefined;
  };
  const management = authority('management', 0, 10);

  it('when either is', () => {
    expect(isDue(5.9, tree[0]!, management)).toBe(false);
    expect(isDue(7.1, tree[0]!, management)).toBe(true);
    expect(isDue(14.1, tree[0]!, authority('management', 9, 19, 2))).toBe(true);
    expect(
      isDue(7.1, tree[0]!, management, lasting(root('root', {}, 2), 7, 27), authority('management', 7, 17, 2)),
    ).toBe(false);
  });

  it('and not before there are any', () => {
    expect(isDue(100)).toBe(false);
    expect(isDue(100, management)).toBe(false);
  });
});

describe('the rotation of old authorities', () => {
  it('is begun once, by however many look, and not while one is under way', async () => {
    const rotating = new Rotating();
    for (const event of tree) rotating.directory.apply(event);
    rotating.now = year(4);
    const quiet = { log: { info: () => undefined, warn: (fields: unknown) => rotating.warnings.push(fields) } };
    const clock = { now: () => rotating.now };
    const looks = Array.from(
      { length: 3 },
      () => new RotationsByAge(rotating.deciders, rotating.directory, notStarted, clock, quiet as never, 'acme'),
    );
    for (let time = 0; time < 3; time++) {
      await Promise.all(looks.map((each) => each.look()));
      await rotating.store.settled();
    }
    for (const ownerId of [networkId, backboneId]) {
      expect((await rotating.store.read(rotationStream(ownerId))).events).toMatchObject([
        { type: 'RotationBegun', data: { cause: 'age', ordinal: 2, patienceSeconds: 604_800 } },
      ]);
    }
    expect(rotating.warnings).toEqual([]);
  });
});
