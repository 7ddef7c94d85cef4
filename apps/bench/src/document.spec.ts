import { describe, expect, it } from 'vitest';
import { benchmark } from './benchmark.js';
import { documentOf, documentSchema, spreadOf } from './document.js';
import { thisMachine } from './machine.js';
import { tableOf } from './table.js';

const walking = benchmark({
  name: 'walking',
  about: 'how fast one walks',
  figures: { metresPerSecond: 'on level ground', cost: 'in bread' },
  aims: { metresPerSecond: { atLeast: 2 }, cost: { atMost: 10 } },
  run: async () => ({ runs: { metresPerSecond: [1.23456, 3, 2], cost: [7, 8] }, setting: { paces: 10 } }),
});
const circumstances = {
  command: 'npm run bench -- walking',
  date: new Date('2026-01-01T00:00:00Z'),
  size: 'tiny',
  machine: thisMachine(),
} as const;
const runs = { metresPerSecond: [1.23456, 3, 2], cost: [11, 8, 12, 9] };
const document = documentOf(walking, circumstances, { runs, setting: { paces: 10 } });

describe('the document of a benchmark', () => {
  it('has the median of each figure, and all that it was made of', () => {
    expect(document).toMatchObject({
      benchmark: 'walking',
      date: '2026-01-01T00:00:00.000Z',
      metresPerSecond: 2,
      cost: 10,
    });
    expect(document.runs['metresPerSecond']).toEqual({ values: [1.235, 3, 2], min: 1.235, median: 2, max: 3 });
    expect(spreadOf([9, 8, 12, 11])).toMatchObject({ min: 8, median: 10, max: 12 });
  });

  it('says which aims were met', () => {
    expect(document.aims).toEqual([
      { name: 'metresPerSecond', aim: { atLeast: 2 }, value: 2, met: true },
      { name: 'cost', aim: { atMost: 10 }, value: 10, met: true },
    ]);
    const slow = documentOf(walking, circumstances, { runs: { metresPerSecond: [1], cost: [11] }, setting: {} });
    expect(slow.aims.map(({ met }) => met)).toEqual([false, false]);
    const mixed = documentOf(walking, circumstances, { runs: { metresPerSecond: [1], cost: [-1] }, setting: {} });
    expect(mixed.aims.map(({ met }) => met)).toEqual([false, true]);
  });

  it('tells what has to be known of the machine, and not its name', () => {
    expect(Object.keys(document.machine)).toEqual(['cores', 'cpu', 'memoryGB', 'node', 'platform', 'loadAverage']);
  });

  it.each([
    ['a figure that was not measured', { metresPerSecond: [1] }],
    ['a figure that is no number', { metresPerSecond: [NaN], cost: [1] }],
    ['a figure without a run', { metresPerSecond: [], cost: [1] }],
    ['a figure that nobody declared', { metresPerSecond: [1], cost: [1], weight: [1] }],
  ])('is not made of %s', (_, measured) => {
    expect(() => documentOf(walking, circumstances, { runs: measured, setting: {} })).toThrow();
  });

  it('has nothing for a figure that needs what this machine has not, where that may be', () => {
    const beside = { ...walking, optional: ['cost'] as const };
    const without = documentOf(beside, circumstances, { runs: { metresPerSecond: [3], cost: [] }, setting: {} });
    expect(without).toMatchObject({ metresPerSecond: 3, cost: null, runs: { cost: null } });
    expect(without.aims[1]).toEqual({ name: 'cost', aim: { atMost: 10 }, value: null, met: false });
    expect(documentSchema(beside).safeParse(without).success).toBe(true);
    expect(documentSchema(walking).safeParse(without).success).toBe(false);
    expect(tableOf(beside, without)).toMatch(/^cost +- +- +<= 10 missed/m);
  });

  it('fits its own schema and no other', () => {
    expect(documentSchema(walking).safeParse(document).success).toBe(true);
    expect(documentSchema({ ...walking, name: 'running' }).safeParse(document).success).toBe(false);
    expect(documentSchema({ ...walking, figures: { cost: '' } }).safeParse(document).success).toBe(false);
    expect(documentSchema({ ...walking, aims: { cost: { atMost: 10 } } }).safeParse(document).success).toBe(false);
    expect(documentSchema(walking).safeParse({ ...document, aims: [] }).success).toBe(false);
  });

  it('is a table for people', () => {
    const lines = tableOf(walking, document).split('\n');
    expect(lines[0]).toBe('npm run bench -- walking, 2026-01-01T00:00:00.000Z');
    expect(lines).toContain('metresPerSecond  2       1.235 - 3  >= 2 met   on level ground');
  });
});
